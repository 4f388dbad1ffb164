import { expect, test } from 'vitest'
import { contactIn, signUpProblems, suggestHandle } from './validate.ts'

const good = { displayName: 'Ada', handle: 'ada_l', contact: 'ada@example.org', password: 'ten letters' }

test('a complete form has no problems', () => {
  expect(signUpProblems(good, 'email')).toEqual({})
})

test('every field that is not right yet is named', () => {
  const problems = signUpProblems(
    { displayName: ' ', handle: '_a', contact: 'ada@', password: 'short' },
    'email',
  )
  expect(Object.keys(problems).sort()).toEqual(['contact', 'displayName', 'handle', 'password'])
})

test('a handle is judged as the server stores it', () => {
  expect(signUpProblems({ ...good, handle: ' ADA_L ' }, 'email')).toEqual({})
})

test('a handle is suggested from a name where one can be made', () => {
  expect(suggestHandle('Zoë van Dijk')).toBe('zoe_van_dijk')
  expect(suggestHandle('!')).toBe('')
  expect(suggestHandle('李')).toBe('')
})

test('what somebody signs in with is a mail address or a phone number, as people write them', () => {
  expect(contactIn(' ada@example.org ')).toEqual({ email: 'ada@example.org' })
  expect(contactIn('+49 (30) 123-456')).toEqual({ phone: '+4930123456' })
  expect(contactIn('0049 30 123456')).toEqual({ phone: '+4930123456' })
  for (const neither of ['ada', '030 123456', '+0', '']) expect(contactIn(neither)).toBeUndefined()
  expect(signUpProblems({ ...good, contact: '+49 30 123456' }, 'phone')).toEqual({})
  expect(signUpProblems(good, 'phone')).toHaveProperty('contact')
})
