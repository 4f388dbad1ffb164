import type { ReactNode } from 'react'
import { useNow } from '../../data/use-now.ts'
import { coverOf } from '../../format/hue.ts'
import { formatCountdown, formatDuration, formatExact, formatRelative } from '../../format/time.ts'
import { watch } from '../../text/watch.ts'
import { Avatar } from '../../ui/avatar.tsx'
import type { Broadcast, StageKind, Stream } from './stream-state.ts'

type Props = { stream: Stream; kind: StageKind; broadcast: Broadcast | null; wasWatched: boolean }

/** The place of the picture while nobody is on air. */
export function QuietStage({ stream, kind, broadcast, wasWatched }: Props) {
  const { owner } = stream
  return (
    <div
      role="status"
      className="flex size-full flex-col items-center justify-center gap-2 p-6 text-center text-white"
      style={{ background: `linear-gradient(rgb(0 0 0 / 35%), rgb(0 0 0 / 35%)), ${coverOf(owner.handle)}` }}
    >
      <Avatar
        handle={owner.handle}
        name={owner.displayName}
        picture={owner.avatar}
        size={72}
        className="mb-2 ring-4 ring-white/20 max-sm:hidden"
      />
      {kind === 'scheduled' && broadcast ? (
        <Countdown broadcast={broadcast} />
      ) : kind === 'ended' && broadcast ? (
        <Ended broadcast={broadcast} name={owner.displayName} wasWatched={wasWatched} />
      ) : (
        <Words title={watch('offlineTitle', { name: owner.displayName })} hint={watch('offlineHint')} />
      )}
    </div>
  )
}

function Countdown({ broadcast }: { broadcast: Broadcast }) {
  const nowMs = useNow()
  const atMs = broadcast.scheduledFor ?? nowMs
  const remainingMs = atMs - nowMs
  return (
    <Words
      title={
        remainingMs > 0
          ? watch('scheduledTitle', { countdown: formatCountdown(remainingMs) })
          : watch('scheduledDue')
      }
      hint={watch('scheduledFor', { title: broadcast.title, when: formatExact(atMs) })}
    />
  )
}

function Ended({ broadcast, name, wasWatched }: { broadcast: Broadcast; name: string; wasWatched: boolean }) {
  const nowMs = useNow(60_000)
  const { startedAt, endedAt, title } = broadcast
  if (wasWatched)
    return (
      <Words
        title={watch('endedTitle')}
        hint={
          startedAt !== null && endedAt !== null
            ? watch('endedHint', { name, duration: formatDuration(endedAt - startedAt) })
            : watch('endedShort')
        }
      />
    )
  return (
    <Words
      title={watch('offlineTitle', { name })}
      hint={
        startedAt !== null && endedAt !== null ? (
          <span title={formatExact(endedAt)}>
            {watch('lastBroadcast', { when: formatRelative(endedAt, nowMs), title })}
          </span>
        ) : (
          watch('offlineHint')
        )
      }
    />
  )
}

function Words({ title, hint }: { title: string; hint: ReactNode }) {
  return (
    <>
      <p className="text-xl font-bold tabular-nums max-sm:text-lg">{title}</p>
      <p className="max-w-lg text-base text-pretty text-white/90 max-sm:text-sm">{hint}</p>
    </>
  )
}
