import { expect, test } from 'vitest'
import { filterIn, handleOf, queryOf } from './audit-filter.ts'

test('a filter is read from an address, without what is none of ours', () => {
  const search = { action: 'account.ban', actor: '@Chief ', subject: 123, span: 'timeDay', page: 7 }
  expect(filterIn(search)).toEqual({ action: 'account.ban', actor: 'chief', subject: '123', span: 'timeDay' })
  expect(filterIn({ action: 'account.eat', actor: {}, subject: ' @', span: 'toString' })).toEqual({})
})

test('a handle is taken as people write it', () => {
  expect(['@Ada', ' ada ', 'ADA', '@', ''].map(handleOf)).toEqual(['ada', 'ada', 'ada', '', ''])
})

test('the server is asked for the time since, and by no name of a span', () => {
  const DAY_MS = 86_400_000
  expect(queryOf({ actor: 'ada', span: 'timeDay' }, 3 * DAY_MS)).toEqual({ actor: 'ada', since: 2 * DAY_MS })
  expect(queryOf({}, 1)).toEqual({})
})
