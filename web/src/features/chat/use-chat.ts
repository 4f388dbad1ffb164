import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { newClientId } from '../../data/calls/client-id.ts'
import { errorText, retryAfterMs } from '../../data/error-text.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTopic } from '../../data/use-topic.ts'
import { chatText } from '../../text/chat.ts'
import { type ChatState, chatReducer, emptyChat } from './chat-lines.ts'

/** One screenful and a bit, as the server answers without being asked for more. */
export const HISTORY_PAGE = 50

export type Chat = {
  state: ChatState
  /** Why the chat can not be followed, as a sentence. */
  failure: string | undefined
  /** Until when the server takes no further line, in milliseconds since the epoch. */
  blockedUntilMs: number
  /** Sends a line. Answers false where the server asks to wait: the text then belongs back into the composer. */
  send(text: string, clientId?: string): Promise<boolean>
  discard(clientId: string): void
  /** Reads up to 50 lines that come before a seq. */
  loadBefore(seq: number): Promise<void>
  /** Tells up to which line somebody reads; `undefined` at the end, where only the newest lines are kept. */
  setReading(seenSeq: number | undefined): void
}

/** The chat of a stream: followed, read back and written. */
export function useChat(streamId: string): Chat {
  const { connection } = useApp()
  const ownId = useAccount()?.id
  const [state, dispatch] = useReducer(chatReducer, emptyChat)
  const [failure, setFailure] = useState<string>()
  const [blockedUntilMs, setBlockedUntilMs] = useState(0)
  const seenSeq = useRef<number>(undefined)

  useTopic(`chat:${streamId}`, {
    onStart: (items) => {
      setFailure(undefined)
      dispatch({ type: 'started', items })
    },
    onItems: (items) => dispatch({ type: 'received', items, ownId, seenSeq: seenSeq.current }),
    onClosed: () => setFailure(chatText('closed')),
  })

  const send = useCallback(
    async (text: string, clientId = newClientId()) => {
      dispatch({ type: 'sending', clientId, text })
      try {
        const message = await connection.call('chat:send', { clientId, streamId, text })
        dispatch({ type: 'sent', clientId, message })
        return true
      } catch (error) {
        const waitMs = retryAfterMs(error)
        if (waitMs === undefined) dispatch({ type: 'refused', clientId, failure: errorText(error) })
        else {
          dispatch({ type: 'discarded', clientId })
          setBlockedUntilMs(Date.now() + waitMs)
        }
        return waitMs === undefined
      }
    },
    [connection, streamId],
  )
  const loadBefore = useCallback(
    async (beforeSeq: number) => {
      const page = await connection.call('chat:history', { streamId, beforeSeq, limit: HISTORY_PAGE })
      dispatch({ type: 'history', items: page.messages })
    },
    [connection, streamId],
  )
  const setReading = useCallback((seq: number | undefined) => {
    seenSeq.current = seq
    if (seq === undefined) dispatch({ type: 'trimmed' })
  }, [])
  const discard = useCallback((clientId: string) => dispatch({ type: 'discarded', clientId }), [])
  const newest = state.lines.at(-1)?.seq
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line is a reason to let go of the oldest.
  useEffect(() => {
    if (seenSeq.current === undefined) dispatch({ type: 'trimmed' })
  }, [newest])
  return { state, failure, blockedUntilMs, send, discard, loadBefore, setReading }
}
