import type { ReactNode } from 'react'
import { errorText } from '../../data/error-text.ts'
import { common } from '../../text/common.ts'
import { studio } from '../../text/studio.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/skeleton.tsx'
import type { Broadcast } from '../watch/stream-state.ts'
import type { OwnBroadcast } from './use-broadcast.ts'

/** What is wrong with the sending, over the preview; nothing while all is well. */
export function SendNotice({ own, broadcast }: { own: OwnBroadcast; broadcast: Broadcast }) {
  const { sender, isReady } = own
  const again = () => own.send(broadcast.id)
  if (sender.state === 'connecting' || sender.state === 'reconnecting')
    return (
      <div
        role="status"
        className="absolute top-3 left-3 flex items-center gap-2 rounded-full bg-black/70 px-3 py-1.5 text-sm font-semibold"
      >
        <Spinner size={16} />
        {studio(sender.state === 'connecting' ? 'sendConnecting' : 'sendReconnecting')}
      </div>
    )
  if (sender.state === 'failed')
    return (
      <Banner
        title={studio('sendFailed')}
        hint={studio('sendFailedHint', { reason: errorText(sender.error) })}
        action={
          <Button look="primary" size="sm" onClick={again}>
            {common('retry')}
          </Button>
        }
      />
    )
  const isIdle = sender.state === 'idle' || sender.state === 'stopped'
  if (!isIdle || !isReady) return null
  return (
    <Banner
      title={studio('resumeTitle')}
      hint={studio('resumeHint', { title: broadcast.title })}
      action={
        <Button look="live" size="sm" onClick={again}>
          {studio('resumeButton')}
        </Button>
      }
    />
  )
}

function Banner({ title, hint, action }: { title: string; hint: string; action: ReactNode }) {
  return (
    <div
      role="alert"
      className="absolute inset-x-3 bottom-3 flex animate-rise flex-wrap items-center gap-3 rounded-md bg-black/80 p-4"
    >
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold">{title}</p>
        <p className="text-sm text-white/85">{hint}</p>
      </div>
      {action}
    </div>
  )
}
