import { MessageSquare } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStored } from '../../data/stored.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { chatText } from '../../text/chat.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { LoadError } from '../../ui/notice.tsx'
import { LoadingNote } from '../../ui/skeleton.tsx'
import { ChatPanel } from '../chat/chat-panel.tsx'
import { Player } from '../player/player.tsx'
import { PlayGate } from './play-gate.tsx'
import { QuietStage } from './quiet-stage.tsx'
import { ShutStream } from './shut-stream.tsx'
import { StreamInfo, StreamInfoSkeleton } from './stream-info.tsx'
import { isOnAir, type Stream, stageOf } from './stream-state.ts'
import { isShut, useStream } from './use-stream.ts'

export function WatchPage({ handle }: { handle: string }) {
  const { data, error, refetch, round } = useStream(handle)
  if (isShut(error)) return <ShutStream handle={handle} error={error} onRetry={() => void refetch()} />
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  return data ? <WatchStream stream={data.stream} round={round} /> : <WatchSkeleton />
}

/** Picture and chat: beside each other from 1024 px on, above each other and in one screen below. */
const pageClass = 'flex h-[calc(100dvh-56px)] max-lg:flex-col'
const stageClass = 'relative aspect-video w-full shrink-0 overflow-hidden bg-black max-lg:max-h-[45dvh]'
/** As high as leaves room for the title below it, so that the page need not scroll to be read. */
const framedClass = 'lg:max-h-[calc(100dvh-56px-172px)] lg:rounded-md'
const theatreClass = 'lg:aspect-auto lg:h-[calc(100dvh-56px)]'

function WatchStream({ stream, round }: { stream: Stream; round: number }) {
  const { kind, broadcast } = stageOf(stream)
  const isPlaying = broadcast !== null && isOnAir(broadcast)
  const [isTheatre, setIsTheatre] = useState(false)
  const [chatState, setChatState] = useStored<'shown' | 'hidden'>('chat', 'shown')
  const wasWatched = useWasTrue(isPlaying)
  useTitle(broadcast ? `${broadcast.title} · ${stream.owner.displayName}` : stream.owner.displayName)
  const isOwn = useAccount()?.id === stream.owner.id
  const isChatHidden = chatState === 'hidden'
  return (
    <div className={pageClass}>
      <div className={cx('flex min-w-0 flex-col lg:flex-1 lg:overflow-y-auto', !isTheatre && 'lg:px-5')}>
        <div className={cx(stageClass, isTheatre ? theatreClass : framedClass)}>
          {isPlaying ? (
            <PlayGate handle={stream.owner.handle}>
              <Player
                stream={stream}
                broadcast={broadcast}
                isTheatre={isTheatre}
                onTheatre={() => setIsTheatre(!isTheatre)}
              />
            </PlayGate>
          ) : (
            <QuietStage stream={stream} kind={kind} broadcast={broadcast} wasWatched={wasWatched} />
          )}
        </div>
        <div className={cx(isTheatre && 'lg:px-5')}>
          <StreamInfo stream={stream} kind={kind} broadcast={broadcast} wasWatched={wasWatched} />
        </div>
      </div>
      <ChatPanel
        key={`${stream.id} ${round}`}
        streamId={stream.id}
        isModerator={isOwn}
        onHide={() => setChatState('hidden')}
        className={cx(
          'min-h-0 max-lg:flex-1 max-lg:border-t max-lg:border-line lg:w-[340px] lg:shrink-0 lg:border-l lg:border-line',
          isChatHidden && 'lg:hidden',
        )}
      />
      {isChatHidden && (
        <div className="pt-1 pr-2 max-lg:hidden">
          <IconButton icon={MessageSquare} label={chatText('show')} onClick={() => setChatState('shown')} />
        </div>
      )}
    </div>
  )
}

/** Whether something was true at some time since the page is open. */
function useWasTrue(value: boolean): boolean {
  const [was, setWas] = useState(value)
  useEffect(() => {
    if (value) setWas(true)
  }, [value])
  return was || value
}

function WatchSkeleton() {
  return (
    <div className={pageClass}>
      <LoadingNote />
      <div className="flex min-w-0 flex-col lg:flex-1 lg:px-5">
        <div className={cx(stageClass, framedClass, 'bg-surface-2!')} />
        <StreamInfoSkeleton />
      </div>
      <div className="flex-1 border-line bg-surface-1 max-lg:border-t lg:w-[340px] lg:flex-none lg:border-l" />
    </div>
  )
}
