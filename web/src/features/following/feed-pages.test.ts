import { expect, test } from 'vitest'
import { feedItem } from './feed-item.fixture.ts'
import {
  addPushed,
  addRead,
  type FeedItem,
  type FeedPages,
  itemsOf,
  noneFresh,
  withBroadcasts,
  withFresh,
} from './feed-pages.ts'

const pagesOf = (...pages: { items: FeedItem[]; nextCursor: string | null }[]): FeedPages => ({
  pages,
  pageParams: pages.map((_, at) => (at === 0 ? undefined : `page ${at}`)),
})
const items = (...numbers: number[]) => numbers.map((number) => feedItem(number))
const idsOf = (found: readonly FeedItem[]) => found.map(({ id }) => id)
const shown = pagesOf({ items: items(4, 3), nextCursor: 'more' }, { items: items(2, 1), nextCursor: null })

test('an entry that two pages have is shown once', () => {
  const pages = pagesOf({ items: items(3, 2), nextCursor: 'more' }, { items: items(2, 1), nextCursor: null })
  expect(idsOf(itemsOf(pages))).toEqual(['3', '2', '1'])
})

test('what is pushed waits, the newest first and each once, and then stands at the top', () => {
  const one = addPushed(noneFresh, shown, items(5, 4))
  const two = addPushed(one, shown, items(6, 5))
  expect(idsOf(two.items)).toEqual(['6', '5'])
  expect(idsOf(itemsOf(withFresh(shown, two)))).toEqual(['6', '5', '4', '3', '2', '1'])
})

test('reading the beginning once more finds what came while nobody listened', () => {
  const fresh = addRead(noneFresh, shown, { items: items(6, 5, 4), nextCursor: 'more' })
  expect(fresh).toMatchObject({ isWhole: false })
  expect(idsOf(itemsOf(withFresh(shown, fresh)))).toEqual(['6', '5', '4', '3', '2', '1'])
})

test('where more came than one page has, the list begins anew with it instead of hiding a hole', () => {
  const fresh = addRead(noneFresh, shown, { items: items(9, 8), nextCursor: 'between' })
  expect(fresh.isWhole).toBe(true)
  const after = withFresh(shown, addPushed(fresh, shown, items(10)))
  expect(idsOf(itemsOf(after))).toEqual(['10', '9', '8'])
  expect(after.pages.at(-1)?.nextCursor).toBe('between')
})

test('every entry about a broadcast takes its newest state', () => {
  const ended = feedItem(4, { broadcast: { ...feedItem(4).broadcast, state: 'ended' } })
  const states = itemsOf(withBroadcasts(shown, [ended])).map(({ broadcast }) => broadcast.state)
  expect(states).toEqual(['ended', 'live', 'live', 'live'])
})
