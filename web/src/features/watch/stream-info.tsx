import { Link } from '@tanstack/react-router'
import { LinkIcon } from 'lucide-react'
import { useNow } from '../../data/use-now.ts'
import { useAccount } from '../../data/use-session.ts'
import { formatDuration, formatExact } from '../../format/time.ts'
import { categoryText } from '../../text/common.ts'
import { watch } from '../../text/watch.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Badge, ViewerCount } from '../../ui/badge.tsx'
import { buttonClass, IconButton } from '../../ui/button.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import type { Broadcast, StageKind, Stream } from './stream-state.ts'

const STATES = {
  offline: 'stateOffline',
  scheduled: 'stateScheduled',
  starting: 'stateStarting',
  live: 'stateLive',
  interrupted: 'stateInterrupted',
  ended: 'stateOffline',
} as const

export function StateBadge({ kind }: { kind: StageKind }) {
  const tone = kind === 'live' ? 'live' : kind === 'interrupted' ? 'warn' : 'quiet'
  return (
    <Badge tone={tone} testId="state-badge">
      {watch(STATES[kind])}
    </Badge>
  )
}

type Props = { stream: Stream; kind: StageKind; broadcast: Broadcast | null }

/** Title, channel and what goes on, in one glance under the picture. */
export function StreamInfo({ stream, kind, broadcast }: Props) {
  const { owner, viewers } = stream
  const isOwn = useAccount()?.id === owner.id
  const isRunning = kind === 'live' || kind === 'interrupted'
  return (
    <div className="flex gap-3 px-4 py-3 lg:px-0 lg:py-4">
      <Avatar handle={owner.handle} name={owner.displayName} size={44} className="max-lg:hidden" />
      <div className="min-w-0 flex-1">
        <h1 className="line-clamp-2 text-lg leading-snug font-bold max-lg:line-clamp-1 max-lg:text-base">
          {broadcast?.title ?? owner.displayName}
        </h1>
        <p className="mt-0.5 truncate text-text-2">
          <span className="font-semibold text-text-1">{owner.displayName}</span> @{owner.handle}
          {broadcast && <> · {categoryText(broadcast.category)}</>}
        </p>
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-text-2">
          <StateBadge kind={kind} />
          {isRunning && <ViewerCount viewers={viewers} testId="viewer-count" className="font-semibold" />}
          {isRunning && broadcast?.startedAt != null && <Uptime startedAt={broadcast.startedAt} />}
        </div>
      </div>
      <div className="flex items-start gap-1">
        <ShareButton />
        {isOwn && (
          <Link to="/studio" className={buttonClass('quiet')}>
            {watch('yourStream')}
          </Link>
        )}
      </div>
    </div>
  )
}

function Uptime({ startedAt }: { startedAt: number }) {
  const nowMs = useNow()
  return (
    <span title={watch('uptime', { when: formatExact(startedAt) })} className="tabular-nums">
      {formatDuration(nowMs - startedAt)}
    </span>
  )
}

function ShareButton() {
  const toast = useToast()
  // The clipboard exists in secure contexts only; elsewhere the address bar has to do.
  if (!navigator.clipboard) return null
  const share = () => {
    const address = `${location.origin}${location.pathname}`
    navigator.clipboard.writeText(address).then(
      () => toast({ title: watch('shared') }),
      () => toast({ title: address }),
    )
  }
  return <IconButton icon={LinkIcon} label={watch('share')} onClick={share} />
}
