import { Link } from '@tanstack/react-router'
import { Users } from 'lucide-react'
import { useRef } from 'react'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { common } from '../../text/common.ts'
import { social } from '../../text/social.ts'
import { buttonClass } from '../../ui/button.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { Older } from '../../ui/older.tsx'
import { FeedEntry, FeedEntrySkeleton } from './feed-entry.tsx'
import { itemsOf } from './feed-pages.ts'
import { FreshPill } from './fresh-pill.tsx'
import { standingOf } from './standing.ts'
import { type Feed, useFeed } from './use-feed.ts'
import { useStandings } from './use-standings.ts'

/** What the people did whom one follows, the newest first. */
export function FollowingPage({ userId }: { userId: string }) {
  useTitle(social('following'))
  const feed = useFeed(userId)
  const { data, error, hasNextPage, refetch } = feed.query
  const list = useRef<HTMLDivElement>(null)
  const show = () => {
    feed.showFresh()
    window.scrollTo({ top: 0 })
    // The pill is gone with this: the keyboard goes on at the list.
    list.current?.focus({ preventScroll: true })
  }
  const isEmpty = data?.pages.every((page) => page.items.length === 0) && !hasNextPage
  return (
    <div className="mx-auto max-w-[680px] px-4 pt-4 pb-10 md:px-6">
      <h1 className="text-xl font-bold">{social('following')}</h1>
      <FreshPill count={feed.fresh.length} onShow={show} />
      {error && !data ? (
        <LoadError error={error} title={social('feedFailed')} onRetry={() => void refetch()} />
      ) : isEmpty ? (
        <NothingYet />
      ) : (
        <div ref={list} tabIndex={-1} className="outline-none">
          {data && <Entries feed={feed} />}
          <Older
            query={feed.query}
            aheadPx={AHEAD_PX}
            failed={social('feedMoreFailed')}
            skeleton={<FeedEntrySkeleton />}
            end={<p className="py-6 text-center text-text-3">{social('feedEnd')}</p>}
          />
        </div>
      )}
    </div>
  )
}

function Entries({ feed }: { feed: Feed }) {
  const nowMs = useNow()
  const standings = useStandings()
  return (
    <div role="feed" aria-busy={feed.query.isFetchingNextPage}>
      {itemsOf(feed.query.data).map((item) => (
        <FeedEntry key={item.id} item={item} standing={standingOf(item, standings)} nowMs={nowMs} />
      ))}
    </div>
  )
}

function NothingYet() {
  return (
    <Notice
      level={2}
      className="pt-[10vh]"
      art={<Users aria-hidden size={48} className="text-text-3" />}
      title={social('feedEmptyTitle')}
      hint={social('feedEmptyHint')}
      actions={
        <Link to="/" className={buttonClass('primary', 'lg')}>
          {common('toHome')}
        </Link>
      }
    />
  )
}

/** Older entries are read before the end of the list comes into view. */
const AHEAD_PX = 800
