import { Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { errorText } from '../../../../data/error-text.ts'
import { useApiChange } from '../../../../data/use-api.ts'
import { trimText } from '../../../../text/trim.ts'
import { Button } from '../../../../ui/button.tsx'
import { FormError } from '../../../../ui/field.tsx'
import { useToast } from '../../../../ui/overlay/toasts.tsx'
import { usePlayback } from '../../../video/player/source/use-playback.ts'
import { Coming } from '../../manager-row.tsx'
import type { OwnVideo } from '../../use-own-videos.ts'
import { LENGTH_MIN_MS, shortTime } from './range.ts'
import { TrimEditor } from './trim-editor.tsx'

type Props = { video: OwnVideo; onSaved: (video: OwnVideo) => void }

/** Of videos of which it is not known. */
const USUAL_FPS = 30

/** What of its file a video shows, and how to change that. */
export function TrimPanel({ video, onSaved }: Props) {
  const { id: videoId, title, state, durationMs, run } = video
  const toast = useToast()
  const trim = useApiChange('post /api/videos/{videoId}/trim')
  const untrim = useApiChange('delete /api/videos/{videoId}/trim')
  const shownRunId = useShownRun(video)
  const done = (text: 'saved' | 'gaveUp' | 'wholeComing') => ({
    onSuccess(answer: { video: OwnVideo }) {
      toast({ title: trimText(text) })
      onSaved(answer.video)
    },
  })
  const goBack = () => {
    trim.reset()
    untrim.mutate({ params: { videoId } }, done(video.trim && !isComing(video) ? 'wholeComing' : 'gaveUp'))
  }
  if (state !== 'ready' || durationMs === null) return <p className="text-text-2">{trimText('notReady')}</p>
  const error = trim.error ?? untrim.error
  const firstMs = video.trim?.startMs ?? 0
  return (
    <div className="flex flex-col gap-5">
      <p className="text-pretty text-text-2">{trimText('hint')}</p>
      {error && <FormError>{errorText(error)}</FormError>}
      {run?.failure && <FormError>{trimText('failed', { message: run.failure.message })}</FormError>}
      <Shown {...{ video, isBusy: untrim.isPending, onWhole: goBack }} />
      {isComing(video) ? (
        <OnItsWay {...{ video, isBusy: untrim.isPending, onGiveUp: goBack }} />
      ) : durationMs <= LENGTH_MIN_MS ? (
        <p className="text-text-2">{trimText('tooShort')}</p>
      ) : (
        shownRunId && (
          <TrimEditor
            key={shownRunId}
            {...{ videoId, title, isSaving: trim.isPending }}
            bounds={{ durationMs, fps: video.fps ?? USUAL_FPS }}
            onSave={({ startMs, endMs }) => {
              untrim.reset()
              const body = { startMs: Math.round(firstMs + startMs), endMs: Math.round(firstMs + endMs) }
              trim.mutate({ params: { videoId }, body }, done('saved'))
            }}
          />
        )
      )}
    </div>
  )
}

const isComing = ({ run }: OwnVideo) => run?.state === 'processing' || run?.state === 'uploading'

/** The version that is shown, by the address of its files; read anew whenever it may be another. */
function useShownRun({ id, run }: OwnVideo): string | undefined {
  const { data, refetch } = usePlayback(id)
  const newest = `${run?.id} ${run?.state}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: that is what it is read anew for.
  useEffect(() => void refetch(), [newest])
  return data?.baseUrl.split('/').at(-2)
}

type ShownProps = { video: OwnVideo; isBusy: boolean; onWhole: () => void }

/** That people see a part, and the way back. */
function Shown({ video, isBusy, onWhole }: ShownProps) {
  if (!video.trim) return null
  const { startMs, endMs, wholeMs } = video.trim
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-md border border-line bg-surface-1 p-4">
      <p className="min-w-0 flex-1 basis-60 text-pretty tabular-nums">
        {trimText('isTrimmed', timesOf({ startMs, endMs, wholeMs }))}
      </p>
      {!isComing(video) && (
        <Button icon={Undo2} isBusy={isBusy} onClick={onWhole}>
          {trimText('whole')}
        </Button>
      )}
    </div>
  )
}

const timesOf = ({ startMs, endMs, wholeMs }: { startMs: number; endMs: number; wholeMs: number }) => ({
  ...{ from: shortTime(startMs), to: shortTime(endMs), whole: shortTime(wholeMs) },
})

type OnItsWayProps = { video: OwnVideo; isBusy: boolean; onGiveUp: () => void }

function OnItsWay({ video, isBusy, onGiveUp }: OnItsWayProps) {
  const part = video.run?.trim
  return (
    <div className="rounded-md border border-line bg-surface-1 p-4" data-testid="trim-coming">
      <p className="font-semibold tabular-nums">
        {part
          ? trimText('coming', { from: shortTime(part.startMs), to: shortTime(part.endMs) })
          : trimText('comingWhole')}
      </p>
      <p className="mt-1 text-sm text-pretty text-text-3">{trimText('comingHint')}</p>
      <Coming video={video} />
      {part && (
        <Button size="sm" className="mt-4" isBusy={isBusy} onClick={onGiveUp}>
          {trimText('giveUp')}
        </Button>
      )}
    </div>
  )
}
