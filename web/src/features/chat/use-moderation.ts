import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { bansText } from '../../text/chat.ts'
import { useToast } from '../../ui/overlay/toasts.tsx'

export type Author = { id: string; displayName: string }
/** What the owner of a channel can do about somebody; each says what was done, and offers to undo it. */
export type Moderation = { timeOut(author: Author): void; ban(author: Author): void }

/** Long enough to cool down, short enough to be forgiven: what the field takes first. */
const TIMEOUT_MS = 10 * 60_000

export const banListKey = (handle: string) => ['bans', handle]
/** Of all channels: whoever bans has the one. */
const BAN_LISTS = ['bans']

export function useModeration(streamId: string): Moderation {
  const { connection } = useApp()
  const queryClient = useQueryClient()
  const toast = useToast()
  return useMemo(() => {
    const refused = (error: unknown) => toast({ title: errorText(error), tone: 'danger' })
    const changed = () => void queryClient.invalidateQueries({ queryKey: BAN_LISTS })
    const undo = ({ id: accountId, displayName: name }: Author) =>
      connection.call('channel:unban', { streamId, accountId }).then(() => {
        changed()
        toast({ title: bansText('unbanned', { name }) })
      }, refused)
    const put = (author: Author, forMs: number | undefined) => {
      const { id: accountId, displayName: name } = author
      const input = { streamId, accountId, ...(forMs !== undefined && { forMs }) }
      connection.call('channel:ban', input).then(() => {
        changed()
        toast({
          title: bansText(forMs === undefined ? 'banned' : 'timedOut', { name }),
          action: {
            label: bansText('undo'),
            hint: bansText('undoHint', { name }),
            onAction: () => void undo(author),
          },
        })
      }, refused)
    }
    return {
      timeOut: (author) => put(author, TIMEOUT_MS),
      ban: (author) => put(author, undefined),
    }
  }, [connection, queryClient, streamId, toast])
}
