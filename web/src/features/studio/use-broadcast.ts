import { useCallback, useEffect, useRef, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { newClientId } from '../../data/calls/client-id.ts'
import { apiQuery } from '../../data/use-api.ts'
import type { Details } from '../details/details.ts'
import { applyStreamEvents, type Broadcast, isOnAir, type Stream } from '../watch/stream-state.ts'
import type { Capture } from './capture/use-capture.ts'
import { useSender } from './use-sender.ts'

/** Which broadcast this tab sends; a tab keeps it over a reload, and no other tab sees it. */
const ON_AIR_HERE = 'on-air'

/**
 * One's own broadcast: begins, goes on after a reload, ends. Only the tab that was sending resumes by itself, since two
 * tabs that both did would take the stream from each other for ever.
 */
export function useBroadcast(stream: Stream, capture: Capture) {
  const { api, connection, queryClient } = useApp()
  const sender = useSender(stream.id, capture)
  const [failure, setFailure] = useState<unknown>()
  const [isStarting, setIsStarting] = useState(false)
  const current = stream.broadcast && isOnAir(stream.broadcast) ? stream.broadcast : undefined
  const { handle } = stream.owner
  const { queryKey } = apiQuery(api, 'get /api/streams/{handle}', { params: { handle } })

  const adopt = (broadcast: Broadcast) =>
    queryClient.setQueryData(
      queryKey,
      (known) => known && { stream: applyStreamEvents(known.stream, [{ type: 'broadcast', broadcast }]) },
    )
  const send = useCallback(
    (broadcastId: string) => {
      keepHere(broadcastId)
      setFailure(undefined)
      // How it goes on is seen by the sender's state; stopping it rejects too, and is no failure.
      sender.start().catch(() => {})
    },
    [sender.start],
  )
  const goLive = async (details: Details, scheduledBroadcastId: string | undefined) => {
    setIsStarting(true)
    setFailure(undefined)
    try {
      const broadcast = await connection.call('broadcast:start', {
        clientId: newClientId(),
        ...details,
        title: details.title.trim(),
        ...(scheduledBroadcastId && { scheduledBroadcastId }),
      })
      adopt(broadcast)
      send(broadcast.id)
    } catch (error) {
      setFailure(error)
    } finally {
      setIsStarting(false)
    }
  }
  const end = async (broadcastId: string) => {
    adopt(await connection.call('broadcast:end', { broadcastId }))
    sender.stop()
    keepHere(undefined)
  }

  const isReady = capture.video !== undefined || capture.audio !== undefined
  useResume({ broadcastId: current?.id, isReady, senderState: sender.state, send })
  // The server ended it, or another tab did.
  const isOver = current === undefined
  useEffect(() => {
    if (isOver) sender.stop()
  }, [isOver, sender.stop])

  return { current, sender, failure, isStarting, isReady, goLive, end, send, adopt }
}

export type OwnBroadcast = ReturnType<typeof useBroadcast>

type Resume = {
  broadcastId: string | undefined
  isReady: boolean
  senderState: string
  send: (broadcastId: string) => void
}

/** After a reload: sends again, once, as soon as the camera is open. */
function useResume({ broadcastId, isReady, senderState, send }: Resume): void {
  const isDone = useRef(false)
  useEffect(() => {
    if (isDone.current || !broadcastId || !isReady || senderState !== 'idle') return
    if (sessionStorage.getItem(ON_AIR_HERE) !== broadcastId) return
    isDone.current = true
    send(broadcastId)
  }, [broadcastId, isReady, senderState, send])
}

function keepHere(broadcastId: string | undefined): void {
  if (broadcastId === undefined) sessionStorage.removeItem(ON_AIR_HERE)
  else sessionStorage.setItem(ON_AIR_HERE, broadcastId)
}
