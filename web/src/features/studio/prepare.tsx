import { CalendarClock, Radio, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { readStored, writeStored } from '../../data/stored.ts'
import { useMediaStatus } from '../../data/use-media-status.ts'
import { common } from '../../text/common.ts'
import { studio } from '../../text/studio.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { type Details, parseDetails } from '../details/details.ts'
import { DetailsFields } from '../details/details-fields.tsx'
import { ScheduleDialog } from '../details/schedule-dialog.tsx'
import { Upcoming } from '../details/upcoming.tsx'
import type { Broadcast, Stream } from '../watch/stream-state.ts'
import { BannedPeople } from './banned-people.tsx'
import { Preview } from './capture/preview.tsx'
import { DeviceChoice, SourceSwitches } from './capture/source-controls.tsx'
import type { Capture } from './capture/use-capture.ts'
import { studioGridClass } from './studio-grid.ts'
import type { OwnBroadcast } from './use-broadcast.ts'

/** Where what was typed is kept, so that a reload or a sign-in does not lose it. */
const DRAFT = 'studio-details'

type Props = { stream: Stream; own: OwnBroadcast; capture: Capture }

/** Before going live: picture, words, one red button. */
export function Prepare({ stream, own, capture }: Props) {
  const [details, setDetails] = useState(() => parseDetails(readStored(DRAFT)))
  const [announced, setAnnounced] = useState<Broadcast>()
  const change = (next: Details) => {
    setDetails(next)
    writeStored(DRAFT, JSON.stringify(next))
  }
  const useAnnounced = (broadcast: Broadcast) => {
    setAnnounced(broadcast)
    change({ title: broadcast.title, category: broadcast.category, visibility: broadcast.visibility })
  }
  // It may have been cancelled meanwhile.
  const chosen = stream.upcoming.find((broadcast) => broadcast.id === announced?.id)
  return (
    <div className={studioGridClass}>
      <h1 className="sr-only">{studio('title')}</h1>
      <div>
        <Preview capture={capture} />
        <div className="mt-4 flex flex-wrap items-end gap-x-6 gap-y-4 px-4 md:px-0">
          <SourceSwitches capture={capture} />
          <DeviceChoice capture={capture} />
        </div>
      </div>
      <div className="flex flex-col gap-6 px-4 md:px-0">
        <GoLiveForm
          details={details}
          onChange={change}
          own={own}
          chosen={chosen}
          onForget={() => setAnnounced(undefined)}
        />
        <div className="-mt-4 flex justify-center">
          <BannedPeople stream={stream} />
        </div>
        <Upcoming broadcasts={stream.upcoming} chosenId={chosen?.id} onUse={useAnnounced} />
      </div>
    </div>
  )
}

type FormProps = {
  details: Details
  onChange: (details: Details) => void
  own: OwnBroadcast
  chosen: Broadcast | undefined
  onForget: () => void
}

function GoLiveForm({ details, onChange, own, chosen, onForget }: FormProps) {
  const [titleProblem, setTitleProblem] = useState<string>()
  const [isScheduling, setIsScheduling] = useState(false)
  const obstacle = useObstacle(own.isReady)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const problem = details.title.trim() ? undefined : studio('titleRule')
    setTitleProblem(problem)
    if (!problem) void own.goLive(details, chosen?.id)
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <h2 className="text-lg font-bold">{studio('details')}</h2>
      {chosen && (
        <p className="flex items-center gap-2 rounded-sm bg-surface-2 py-1 pr-1 pl-3">
          <span className="flex-1">{studio('startingThis', { title: chosen.title })}</span>
          <IconButton icon={X} label={studio('startAnother')} onClick={onForget} className="size-8" />
        </p>
      )}
      <DetailsFields
        details={details}
        onChange={(next) => {
          setTitleProblem(undefined)
          onChange(next)
        }}
        titleProblem={titleProblem}
      />
      {own.failure !== undefined && (
        <FormError>
          {studio('goLiveFailed')} {errorText(own.failure)}
        </FormError>
      )}
      <Button
        type="submit"
        look="live"
        size="lg"
        icon={Radio}
        data-testid="go-live"
        isBusy={own.isStarting}
        disabled={obstacle !== undefined}
        aria-describedby={obstacle ? 'go-live-obstacle' : undefined}
      >
        {common('goLive')}
      </Button>
      {/* Always there, so that nothing below it moves when the obstacle is gone. */}
      <p id="go-live-obstacle" role="status" className="-mt-2 min-h-5 text-center text-text-2">
        {obstacle}
      </p>
      <Button look="ghost" icon={CalendarClock} onClick={() => setIsScheduling(true)} className="self-center">
        {studio('schedule')}
      </Button>
      <ScheduleDialog isOpen={isScheduling} onOpenChange={setIsScheduling} details={details} />
    </form>
  )
}

/** What stands in the way of going live, as a sentence. */
function useObstacle(isReady: boolean): string | undefined {
  const media = useMediaStatus()
  if (media && media.state !== 'ready') {
    const percent = media.progress === null ? '' : ` ${Math.round(media.progress * 100)} %`
    return `${studio(media.state === 'preparing' ? 'mediaPreparing' : 'mediaUnavailable')} ${media.message}${percent}`
  }
  return isReady ? undefined : studio('needPicture')
}
