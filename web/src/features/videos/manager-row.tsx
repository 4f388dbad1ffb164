import { Link } from '@tanstack/react-router'
import { Clapperboard, Pencil, Trash2, Upload } from 'lucide-react'
import { formatCount } from '../../format/number.ts'
import { formatExact, formatLength } from '../../format/time.ts'
import { videoText } from '../../text/videos.ts'
import { Badge } from '../../ui/badge.tsx'
import { buttonClass, IconButton, iconLinkClass } from '../../ui/button.tsx'
import { ProgressBar } from './progress.tsx'
import type { OwnVideo } from './use-own-videos.ts'

const STATES = {
  draft: 'stateDraft',
  uploading: 'stateUploading',
  processing: 'stateProcessing',
  ready: 'stateReady',
  failed: 'stateFailed',
} as const satisfies Record<OwnVideo['state'], string>

const VISIBILITIES = {
  public: 'visibilityPublic',
  unlisted: 'visibilityUnlisted',
  followers: 'visibilityFollowers',
  subscribers: 'visibilitySubscribers',
  paid: 'visibilityPaid',
  private: 'visibilityPrivate',
} as const satisfies Record<OwnVideo['visibility'], string>

type Props = { video: OwnVideo; onDelete: () => void }

/** One video as its owner sees it: what state it is in, and what may be done with it. */
export function ManagerRow({ video, onDelete }: Props) {
  const { id: videoId, title } = video
  const label = videoText('editOf', { title })
  return (
    <li className="flex gap-3 py-3 md:gap-4" data-testid="own-video">
      <OwnPicture video={video} />
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">{title}</h2>
        <StateLine video={video} />
        <Coming video={video} />
        {video.run?.state === 'uploading' && (
          <Link to="/upload" className={`${buttonClass('quiet', 'sm')} mt-2`}>
            <Upload aria-hidden size={16} />
            {videoText('toUpload')}
          </Link>
        )}
      </div>
      <div className="flex shrink-0 max-sm:flex-col">
        <Link
          to="/studio/videos/$videoId"
          params={{ videoId }}
          aria-label={label}
          title={label}
          className={iconLinkClass}
        >
          <Pencil aria-hidden size={20} />
        </Link>
        <IconButton icon={Trash2} label={videoText('deleteOf', { title })} onClick={onDelete} />
      </div>
    </li>
  )
}

/** Its state in a word, who sees it, and since when. */
export function StateLine({ video }: { video: OwnVideo }) {
  const { state } = video
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-text-3">
      <Badge tone={state === 'failed' ? 'warn' : 'quiet'}>{videoText(STATES[state])}</Badge>
      <span>{whenAndWho(video)}</span>
    </p>
  )
}

export function OwnPicture({ video }: { video: OwnVideo }) {
  return (
    <div className="relative flex aspect-video w-24 shrink-0 items-center justify-center self-start overflow-hidden rounded-sm bg-surface-2 md:w-40">
      {video.posterUrl ? (
        <img src={`${video.posterUrl}480.webp`} alt="" className="size-full object-cover" />
      ) : (
        <Clapperboard aria-hidden size={24} className="text-text-3" />
      )}
      {video.durationMs !== null && (
        <span className="absolute right-1 bottom-1 rounded-sm bg-surface-0/90 px-1 text-xs font-medium tabular-nums">
          {formatLength(video.durationMs)}
        </span>
      )}
    </div>
  )
}

function whenAndWho(video: OwnVideo): string {
  const { visibility, publishedAt, scheduledFor, createdAt, views, state, isPremiere } = video
  const isToCome = scheduledFor !== null && (publishedAt === null || publishedAt === scheduledFor)
  const isLater = isToCome && scheduledFor > Date.now()
  return [
    videoText(VISIBILITIES[visibility]),
    isLater
      ? videoText(isPremiere ? 'premieres' : 'comesOut', { when: formatExact(scheduledFor) })
      : formatExact(publishedAt ?? createdAt),
    ...(state === 'ready'
      ? [videoText('views', { count: views }).replace(String(views), formatCount(views))]
      : []),
  ].join(' · ')
}

/** What is being done with it, in words; of a newer server there may be stages that this page does not know. */
function doing({ state, stage }: NonNullable<OwnVideo['run']>): string {
  if (stage === 'probe' || stage === 'encode') return videoText(`stage_${stage}`)
  return state === 'processing' ? videoText('waiting') : ''
}

/** The file that is on its way to being watched, or what kept it from that. */
export function Coming({ video: { title, run, state } }: { video: OwnVideo }) {
  if (!run)
    return state === 'draft' ? <p className="mt-1 text-sm text-text-2">{videoText('draftHint')}</p> : null
  if (run.failure) return <p className="mt-1 text-sm text-pretty text-danger">{run.failure.message}</p>
  const isWorking = run.state !== 'ready' || run.stage !== ''
  if (!isWorking) return null
  return (
    <div className="mt-2 max-w-md">
      <ProgressBar label={videoText('progressOf', { title })} percent={run.percent} />
      <p className="mt-1 flex justify-between gap-4 text-sm text-text-3 tabular-nums">
        <span className="min-w-0 truncate">{doing(run)}</span>
        <span>{run.percent} %</span>
      </p>
    </div>
  )
}
