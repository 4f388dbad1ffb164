import { type ReactNode, useMemo, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { callHarmless } from '../../data/calls/call-harmless.ts'
import { errorText } from '../../data/error-text.ts'
import type { GetKey } from '../../data/use-api.ts'
import { safetyText } from '../../text/safety.ts'
import { Confirm } from '../../ui/overlay/confirm.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'

export type Someone = { id: string; displayName: string }

/** What one can do about somebody anywhere; each says what was done, and offers to undo it. A block asks first. */
export type SafetyActions = Record<'mute' | 'unmute' | 'block' | 'unblock', (someone: Someone) => void>

/** Reads that show less or more of somebody afterwards; the feed has a key of its own. */
const TOUCHED: readonly (GetKey | 'feed')[] = [
  ...(['get /api/accounts/{handle}', 'get /api/streams/{handle}', 'get /api/streams/live'] as const),
  ...(['get /api/account/hidden', 'get /api/account/blocks', 'get /api/account/mutes', 'feed'] as const),
]
const CALLS = {
  mute: 'mute:add',
  unmute: 'mute:remove',
  block: 'block:add',
  unblock: 'block:remove',
} as const
const DONE = { mute: 'muted', unmute: 'unmuted', block: 'blocked', unblock: 'unblocked' } as const
const UNDO = { mute: 'unmute', block: 'unblock' } as const

export function useSafetyActions(): { actions: SafetyActions; dialog: ReactNode } {
  const { connection, queryClient } = useApp()
  const toast = useToast()
  const [asked, setAsked] = useState<Someone>()
  const { actions, block } = useMemo(() => {
    const act = (what: keyof SafetyActions, someone: Someone): void => {
      const { id: accountId, displayName: name } = someone
      callHarmless(connection, CALLS[what], { accountId }).then(
        () => {
          for (const key of TOUCHED) void queryClient.invalidateQueries({ queryKey: [key] })
          const undo = what === 'mute' || what === 'block' ? UNDO[what] : undefined
          toast({
            title: safetyText(DONE[what], { name }),
            ...(undo && {
              action: {
                label: safetyText('undo'),
                hint: safetyText('undoHint'),
                onAction: () => act(undo, someone),
              },
            }),
          })
        },
        (error: unknown) => toast({ title: errorText(error), tone: 'danger' }),
      )
    }
    return {
      block: (someone: Someone) => act('block', someone),
      actions: {
        mute: (someone: Someone) => act('mute', someone),
        unmute: (someone: Someone) => act('unmute', someone),
        unblock: (someone: Someone) => act('unblock', someone),
        block: setAsked,
      },
    }
  }, [connection, queryClient, toast])
  const dialog = (
    <Confirm
      isOpen={asked !== undefined}
      title={safetyText('blockTitle', { name: asked?.displayName ?? '' })}
      hint={safetyText('blockHint')}
      confirm={safetyText('block')}
      keep={safetyText('keep')}
      onConfirm={() => asked && block(asked)}
      onClose={() => setAsked(undefined)}
    />
  )
  return { actions, dialog }
}
