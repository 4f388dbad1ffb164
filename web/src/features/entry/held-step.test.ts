import { expect, test } from 'vitest'
import { CallError } from '../../../../client/types.ts'
import { heldStep } from './held-step.ts'

const refused = (code: CallError['code'], details?: Record<string, unknown>) =>
  new CallError({ code, message: '', retry: false, ...(details && { details }) })

test('a sign-in that waits for its second step is known by its ticket', () => {
  const details = { ticket: 'abc', methods: ['passkey', 'totp', 'carrier_pigeon'] }
  expect(heldStep(refused('second_factor_required', details))).toEqual({
    ticket: 'abc',
    methods: ['totp', 'passkey'],
  })
})

test('every other refusal is one for good', () => {
  expect(heldStep(refused('unauthenticated', { ticket: 'abc', methods: [] }))).toBeUndefined()
  expect(heldStep(refused('second_factor_required'))).toBeUndefined()
  expect(heldStep(new Error('no'))).toBeUndefined()
})
