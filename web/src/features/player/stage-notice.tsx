import type { ReactNode } from 'react'
import { type MediaStatus, useMediaStatus } from '../../data/use-media-status.ts'
import { useNow } from '../../data/use-now.ts'
import { formatDuration } from '../../format/time.ts'
import { common } from '../../text/common.ts'
import { watch } from '../../text/watch.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/skeleton.tsx'
import type { Broadcast, Stream } from '../watch/stream-state.ts'
import type { WatcherView } from './use-watcher.ts'

type Props = { stream: Stream; broadcast: Broadcast; view: WatcherView; hasPicture: boolean }

/** Why there is no picture, or why it stands still; nothing while it plays. */
export function StageNotice({ stream, broadcast, view, hasPicture }: Props) {
  const media = useMediaStatus()
  const name = stream.owner.displayName
  if (media && media.state !== 'ready') return <MediaNotice media={media} />
  if (broadcast.state === 'interrupted')
    return <Interrupted name={name} graceEndsAt={broadcast.graceEndsAt} />
  if (broadcast.state === 'starting')
    return (
      <Veil title={watch('startingTitle')} hint={watch('startingHint', { name })}>
        <Spinner size={32} />
      </Veil>
    )
  if (view.state === 'failed')
    return (
      <Veil
        title={watch('failedTitle')}
        hint={watch('failedHint')}
        action={
          <Button look="primary" onClick={view.restart}>
            {common('retry')}
          </Button>
        }
      />
    )
  if (view.state === 'playing' && hasPicture) return null
  return (
    <Veil title={watch(view.state === 'reconnecting' ? 'reconnecting' : 'connecting')}>
      <Spinner size={32} />
    </Veil>
  )
}

function Interrupted({ name, graceEndsAt }: { name: string; graceEndsAt: number | null }) {
  const nowMs = useNow()
  const remainingMs = (graceEndsAt ?? 0) - nowMs
  return (
    <Veil
      title={watch('interruptedTitle', { name })}
      hint={
        remainingMs > 0
          ? watch('interruptedHint', { remaining: formatDuration(remainingMs) })
          : watch('interruptedLast')
      }
    >
      <Spinner size={32} />
    </Veil>
  )
}

function MediaNotice({ media }: { media: MediaStatus }) {
  const isPreparing = media.state === 'preparing'
  return (
    <Veil title={watch(isPreparing ? 'mediaPreparing' : 'mediaUnavailable')} hint={media.message}>
      {isPreparing && media.progress !== null && (
        <progress
          value={media.progress}
          aria-label={watch('mediaPreparing')}
          className="h-1.5 w-48 appearance-none overflow-hidden rounded-full bg-white/25 [&::-moz-progress-bar]:bg-white [&::-webkit-progress-bar]:bg-white/25 [&::-webkit-progress-value]:bg-white"
        />
      )}
      {isPreparing && media.progress === null && <Spinner size={32} />}
    </Veil>
  )
}

type VeilProps = { title: string; hint?: string; action?: ReactNode; children?: ReactNode }

/** Words over the darkened picture. */
export function Veil({ title, hint, action, children }: VeilProps) {
  return (
    <div
      role="status"
      className="absolute inset-0 flex animate-appear flex-col items-center justify-center gap-3 bg-black/60 p-6 text-center text-white"
    >
      {children}
      <p className="text-lg font-semibold max-sm:text-base">{title}</p>
      {hint && <p className="max-w-md text-sm text-pretty text-white/85 tabular-nums">{hint}</p>}
      {action}
    </div>
  )
}
