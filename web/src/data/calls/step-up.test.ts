import { expect, test } from 'vitest'
import { CallError } from '../../../../client/types.ts'
import { createStepUp } from './step-up.ts'

const refusal = () => new CallError({ code: 'confirm_required', message: 'Confirm.', retry: false })

/** A change that is refused until it was confirmed. */
function change() {
  const state = { isConfirmed: false, runs: 0 }
  const run = async () => {
    state.runs++
    if (!state.isConfirmed) throw refusal()
    return 'done'
  }
  return { state, run }
}
const refused = () => new Promise((resolve) => setTimeout(resolve))

test('a refused change waits for the person and is done again', async () => {
  const stepUp = createStepUp()
  const told: boolean[] = []
  stepUp.onChange(() => told.push(stepUp.isAsking()))
  const { state, run } = change()
  const result = stepUp.guard(run)
  await refused()
  expect(stepUp.isAsking()).toBe(true)
  state.isConfirmed = true
  stepUp.settle(true)
  expect(await result).toBe('done')
  expect(state.runs).toBe(2)
  expect(told).toEqual([true, false])
})

test('giving up gives the refusal back, and the next change asks anew', async () => {
  const stepUp = createStepUp()
  const { state, run } = change()
  for (let round = 1; round <= 2; round++) {
    const result = stepUp.guard(run)
    await refused()
    stepUp.settle(false)
    await expect(result).rejects.toMatchObject({ code: 'confirm_required' })
    expect(state.runs).toBe(round)
  }
})

test('two changes at once ask once, and other failures ask nothing', async () => {
  const stepUp = createStepUp()
  const changes = [change(), change()]
  const results = changes.map(({ run }) => stepUp.guard(run))
  await refused()
  for (const { state } of changes) state.isConfirmed = true
  stepUp.settle(true)
  expect(await Promise.all(results)).toEqual(['done', 'done'])
  const failure = stepUp.guard(() => Promise.reject(new Error('broken')))
  await expect(failure).rejects.toThrow('broken')
  expect(stepUp.isAsking()).toBe(false)
})
