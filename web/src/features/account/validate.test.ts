import { expect, test } from 'vitest'
import { signUpProblems, suggestHandle } from './validate.ts'

const good = { displayName: 'Ada', handle: 'ada_l', email: 'ada@example.org', password: 'ten letters' }

test('a complete form has no problems', () => {
  expect(signUpProblems(good)).toEqual({})
})

test('every field that is not right yet is named', () => {
  const problems = signUpProblems({ displayName: ' ', handle: '_a', email: 'ada@', password: 'short' })
  expect(Object.keys(problems).sort()).toEqual(['displayName', 'email', 'handle', 'password'])
})

test('a handle is judged as the server stores it', () => {
  expect(signUpProblems({ ...good, handle: ' ADA_L ' })).toEqual({})
})

test('a handle is suggested from a name where one can be made', () => {
  expect(suggestHandle('Zoë van Dijk')).toBe('zoe_van_dijk')
  expect(suggestHandle('!')).toBe('')
  expect(suggestHandle('李')).toBe('')
})
