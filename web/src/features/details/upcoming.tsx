import { useState } from 'react'
import { useCall } from '../../data/calls/use-call.ts'
import { errorText } from '../../data/error-text.ts'
import { useNow } from '../../data/use-now.ts'
import { formatExact, formatRelative } from '../../format/time.ts'
import { studio } from '../../text/studio.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import type { Broadcast } from '../watch/stream-state.ts'

type Props = { broadcasts: Broadcast[]; chosenId: string | undefined; onUse: (broadcast: Broadcast) => void }

/** What was announced: start it, or cancel it. */
export function Upcoming({ broadcasts, chosenId, onUse }: Props) {
  const nowMs = useNow(60_000)
  const [asked, setAsked] = useState<Broadcast>()
  const cancel = useCall('broadcast:end')
  const toast = useToast()
  if (broadcasts.length === 0) return null
  const confirmed = () => {
    if (!asked) return
    cancel.mutate(
      { broadcastId: asked.id },
      {
        onSuccess: () => toast({ title: studio('cancelled') }),
        onError: (error) => toast({ title: errorText(error), tone: 'danger' }),
      },
    )
  }
  return (
    <section>
      <h2 className="mb-2 text-base font-semibold">{studio('upcoming')}</h2>
      <ul className="flex flex-col gap-2">
        {broadcasts.map((broadcast) => (
          <li key={broadcast.id} className="rounded-md border border-line bg-surface-1 p-4">
            <p className="line-clamp-2 font-semibold">{broadcast.title}</p>
            {broadcast.scheduledFor !== null && (
              <p className="text-text-2">
                {formatExact(broadcast.scheduledFor)} · {formatRelative(broadcast.scheduledFor, nowMs)}
              </p>
            )}
            <div className="mt-3 flex gap-2">
              {broadcast.id !== chosenId && (
                <Button size="sm" onClick={() => onUse(broadcast)}>
                  {studio('startThis')}
                </Button>
              )}
              <Button size="sm" look="danger" onClick={() => setAsked(broadcast)}>
                {studio('cancelScheduled')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Confirm
        isOpen={asked !== undefined}
        title={studio('cancelTitle')}
        hint={studio('cancelHint', { title: asked?.title ?? '' })}
        confirm={studio('cancelConfirm')}
        keep={studio('keep')}
        onConfirm={confirmed}
        onClose={() => setAsked(undefined)}
      />
    </section>
  )
}
