import { Ban } from 'lucide-react'
import { CallError } from '../../../../client/types.ts'
import { safetyText } from '../../text/safety.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { type Someone, useSafetyActions } from './use-safety-actions.tsx'

/** Whether a read was refused because the reader has blocked whom it is about. */
export const isBlocked = (error: unknown): boolean =>
  error instanceof CallError && error.code === 'forbidden' && error.details?.reason === 'blocked'

/** In the place of the page of somebody one has blocked: that it is so, and the way back. */
export function BlockedPerson({ handle, profileError }: { handle: string; profileError: unknown }) {
  const { actions } = useSafetyActions()
  const someone = personIn(profileError)
  const name = someone?.displayName ?? handle
  return (
    <div role="alert" data-testid="blocked-person">
      <Notice
        className="pt-[14vh]"
        art={<Ban aria-hidden size={40} className="text-text-3" />}
        title={safetyText('blockedTitle', { name })}
        hint={safetyText('blockedHint')}
        actions={someone && <Button onClick={() => actions.unblock(someone)}>{safetyText('unblock')}</Button>}
      />
    </div>
  )
}

/** Whom the refusal of a profile names. */
function personIn(error: unknown): Someone | undefined {
  const account = error instanceof CallError ? error.details?.account : undefined
  if (typeof account !== 'object' || account === null) return undefined
  const { id, displayName } = account as Partial<Record<string, unknown>>
  return typeof id === 'string' && typeof displayName === 'string' ? { id, displayName } : undefined
}
