import { expect, test } from 'vitest'
import { parseDetails, TITLE_MAX } from './details.ts'

test('details come back as they were kept', () => {
  const details = { title: 'Bread', category: 'art', visibility: 'unlisted' } as const
  expect(parseDetails(JSON.stringify(details))).toEqual(details)
})

test.each([undefined, '', 'no json', 'null', '{"category":"gone","visibility":3}'])(
  '%j becomes an empty form',
  (kept) => {
    expect(parseDetails(kept)).toEqual({ title: '', category: 'talk', visibility: 'public' })
  },
)

test('a kept title is never longer than the server takes', () => {
  expect(parseDetails(JSON.stringify({ title: 'x'.repeat(500) })).title).toHaveLength(TITLE_MAX)
})
