import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { formatLength } from '../../../format/time.ts'
import { playlistText } from '../../../text/playlists.ts'
import { videoText } from '../../../text/video.ts'
import { cx } from '../../../ui/cx.ts'
import { VideoPoster } from '../../video/tiles/poster.tsx'
import { listName } from '../list-name.ts'
import type { Queue } from './use-queue.ts'

/** The list that is watched, beside the video; the one that plays is in view. */
export function QueuePanel({ queue: { playlist, videos, nth } }: { queue: Queue }) {
  const current = useRef<HTMLLIElement>(null)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    // Only within the list: the page stays where it is.
    if (nth >= 0 && list.current && current.current)
      list.current.scrollTop = current.current.offsetTop - list.current.offsetTop
  }, [nth])
  const title = listName(playlist)
  return (
    <section
      aria-label={playlistText('queue', { list: title })}
      className="mb-6 overflow-hidden rounded-md border border-line"
    >
      <header className="bg-surface-2 px-4 py-3">
        <h2 className="truncate font-semibold">
          <Link to="/playlist/$playlistId" params={{ playlistId: playlist.id }} className="hover:underline">
            {title}
          </Link>
        </h2>
        <p className="text-sm text-text-3">
          {playlistText('place', { at: nth + 1, of: Math.max(playlist.count, nth + 1) })}
        </p>
      </header>
      <ol ref={list} className="relative max-h-[380px] overflow-y-auto py-1">
        {videos.map((video, place) => (
          <li
            key={video.id}
            ref={place === nth ? current : undefined}
            aria-current={place === nth || undefined}
            className={cx(
              'relative grid grid-cols-[104px_minmax(0,1fr)] gap-3 px-3 py-1.5',
              place === nth ? 'bg-surface-3' : 'hover:bg-surface-2',
            )}
          >
            <VideoPoster video={video} sizes="104px" className="aspect-video" />
            <div className="min-w-0 text-sm">
              <Link
                to="/watch/$videoId"
                params={{ videoId: video.id }}
                search={{ list: playlist.id }}
                aria-label={videoText('watchName', {
                  title: video.title,
                  duration: formatLength(video.durationMs),
                })}
                className="line-clamp-2 font-semibold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-accent"
              >
                {video.title}
              </Link>
              <p className="truncate text-text-3">
                {place === nth ? playlistText('playsNow') : video.owner.displayName}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
