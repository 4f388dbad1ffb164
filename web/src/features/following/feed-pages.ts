import type { InfiniteData } from '@tanstack/react-query'
import type { TopicItem } from '../../../../src/contract/index.ts'
import type { Response } from '../../data/use-api.ts'

export type FeedItem = TopicItem<`feed:${string}`>
export type FeedPage = Response<'get /api/feed'>
export type FeedPages = InfiniteData<FeedPage, string | undefined>

/** Entries that are not shown yet. `isWhole` is true where something may be missing between them and the list. */
export type Fresh = { items: readonly FeedItem[]; isWhole: boolean; nextCursor: string | null }

export const noneFresh: Fresh = { items: [], isWhole: false, nextCursor: null }

/** All entries that were read, the newest first and each once. */
export function itemsOf(pages: FeedPages | undefined): FeedItem[] {
  const byId = new Map<string, FeedItem>()
  for (const page of pages?.pages ?? [])
    for (const item of page.items) if (!byId.has(item.id)) byId.set(item.id, item)
  return [...byId.values()]
}

/** What was pushed joins what waits to be shown; what the list has already is left out. */
export function addPushed(fresh: Fresh, pages: FeedPages, items: readonly FeedItem[]): Fresh {
  const known = new Set(itemsOf(pages).map(({ id }) => id))
  return { ...fresh, items: newestFirst([...items.filter(({ id }) => !known.has(id)), ...fresh.items]) }
}

/** The beginning of the feed was read once more: what of it the list does not have waits to be shown. */
export function addRead(fresh: Fresh, pages: FeedPages, page: FeedPage): Fresh {
  const shown = itemsOf(pages)
  const added = addPushed(fresh, pages, page.items)
  const known = new Set(shown.map(({ id }) => id))
  const isJoined = page.nextCursor === null || page.items.some(({ id }) => known.has(id))
  return isJoined ? added : { items: newestFirst(page.items), isWhole: true, nextCursor: page.nextCursor }
}

/** The list with what waited at its top; where something is missing between, the list begins anew with it. */
export function withFresh(pages: FeedPages, { items, isWhole, nextCursor }: Fresh): FeedPages {
  const [first, ...rest] = pages.pages
  if (isWhole || !first) return { pages: [{ items: [...items], nextCursor }], pageParams: [undefined] }
  return { ...pages, pages: [{ ...first, items: newestFirst([...items, ...first.items]) }, ...rest] }
}

/** The list with the newest state of each broadcast that `items` tell of. */
export function withBroadcasts(pages: FeedPages, items: readonly FeedItem[]): FeedPages {
  const byId = new Map(items.map(({ broadcast }) => [broadcast.id, broadcast]))
  const update = (item: FeedItem): FeedItem => {
    const broadcast = byId.get(item.broadcast.id)
    return broadcast ? { ...item, broadcast } : item
  }
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(update) })) }
}

function newestFirst(items: readonly FeedItem[]): FeedItem[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  return [...byId.values()].sort((a, b) => b.createdAt - a.createdAt)
}
