import { Link } from '@tanstack/react-router'
import { ExternalLink, Pencil, Square } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { useNow } from '../../data/use-now.ts'
import { formatDuration } from '../../format/time.ts'
import { studio } from '../../text/studio.ts'
import { ViewerCount } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { ChatPanel } from '../chat/chat-panel.tsx'
import { EditDialog } from '../details/edit-dialog.tsx'
import { StateBadge } from '../watch/stream-info.tsx'
import type { Broadcast, Stream } from '../watch/stream-state.ts'
import { BannedPeople } from './banned-people.tsx'
import { Preview } from './capture/preview.tsx'
import { DeviceChoice, SourceSwitches } from './capture/source-controls.tsx'
import type { Capture } from './capture/use-capture.ts'
import { Health } from './health.tsx'
import { SendNotice } from './send-notice.tsx'
import type { OwnBroadcast } from './use-broadcast.ts'

type Props = { stream: Stream; broadcast: Broadcast; own: OwnBroadcast; capture: Capture }

/** While on air: what is sent, how well, who watches, and what they say. */
export function OnAir({ stream, broadcast, own, capture }: Props) {
  const [isEditing, setIsEditing] = useState(false)
  return (
    <div className="mx-auto flex max-w-[1700px] max-lg:flex-col lg:h-[calc(100dvh-56px)]">
      <div className="min-w-0 flex-1 overflow-y-auto pb-6 md:px-5">
        {/* As high as leaves the figures below it on a laptop's screen. */}
        <Preview capture={capture} className="lg:max-h-[calc(100dvh-56px-316px)]">
          <SendNotice own={own} broadcast={broadcast} />
        </Preview>
        <div className="flex flex-col gap-5 px-4 pt-4 md:px-0">
          <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
            <StateBadge kind={broadcast.state} />
            <ViewerCount viewers={stream.viewers} testId="viewer-count" className="text-base font-semibold" />
            {broadcast.startedAt !== null && <Uptime startedAt={broadcast.startedAt} />}
            <div className="ml-auto">
              <EndButton broadcast={broadcast} own={own} />
            </div>
          </div>
          <div className="flex flex-wrap items-start justify-end gap-x-1 gap-y-2">
            <h1 className="mr-2 min-w-0 flex-1 basis-60 text-lg font-bold wrap-anywhere">
              {broadcast.title}
            </h1>
            <Link
              to="/live/$handle"
              params={{ handle: stream.owner.handle }}
              target="_blank"
              className={buttonClass('ghost')}
            >
              <ExternalLink aria-hidden size={18} />
              <span className="max-sm:sr-only">{studio('openPage')}</span>
            </Link>
            <BannedPeople stream={stream} />
            <Button icon={Pencil} onClick={() => setIsEditing(true)}>
              {studio('edit')}
            </Button>
          </div>
          <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
            <SourceSwitches capture={capture} />
            <DeviceChoice capture={capture} />
          </div>
          <Health sender={own.sender} />
        </div>
      </div>
      <ChatPanel
        streamId={stream.id}
        isModerator
        className="border-line max-lg:h-[70dvh] max-lg:border-t lg:w-[340px] lg:shrink-0 lg:border-l"
      />
      <EditDialog isOpen={isEditing} onOpenChange={setIsEditing} broadcast={broadcast} onSaved={own.adopt} />
    </div>
  )
}

function Uptime({ startedAt }: { startedAt: number }) {
  const nowMs = useNow()
  return (
    <span title={studio('duration')} className="text-base tabular-nums">
      {formatDuration(nowMs - startedAt)}
    </span>
  )
}

function EndButton({ broadcast, own }: { broadcast: Broadcast; own: OwnBroadcast }) {
  const [isAsked, setIsAsked] = useState(false)
  const [isEnding, setIsEnding] = useState(false)
  const toast = useToast()
  const end = () => {
    setIsEnding(true)
    const { startedAt } = broadcast
    own.end(broadcast.id).then(
      () =>
        toast({
          title:
            startedAt === null
              ? studio('endedShort')
              : studio('ended', { duration: formatDuration(Date.now() - startedAt) }),
        }),
      (error: unknown) => {
        setIsEnding(false)
        toast({ title: errorText(error), tone: 'danger' })
      },
    )
  }
  return (
    <>
      <Button
        look="live"
        icon={Square}
        isBusy={isEnding}
        data-testid="end-broadcast"
        onClick={() => setIsAsked(true)}
      >
        {studio('end')}
      </Button>
      <Confirm
        isOpen={isAsked}
        title={studio('endTitle')}
        hint={studio('endHint')}
        confirm={studio('endConfirm')}
        keep={studio('endKeep')}
        onConfirm={end}
        onClose={() => setIsAsked(false)}
      />
    </>
  )
}
