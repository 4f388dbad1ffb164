import { useCallback, useEffect, useRef, useState } from 'react'
import type { Broadcaster, BroadcasterState } from '../../../../client/live/broadcaster.ts'
import { useApp } from '../../data/app.tsx'
import type { Capture } from './capture/use-capture.ts'

export type Sender = {
  state: BroadcasterState
  error: unknown
  broadcaster: Broadcaster | undefined
  /** Sends what is captured now. Rejects with what made it fail. */
  start(): Promise<void>
  stop(): void
}

/** Sends the captured tracks to one's stream; tracks that change while on air are exchanged. */
export function useSender(streamId: string, capture: Capture): Sender {
  const { connection } = useApp()
  const [broadcaster, setBroadcaster] = useState<Broadcaster>()
  const [state, setState] = useState<BroadcasterState>('idle')
  const made = useRef<Broadcaster>(undefined)
  const { video, audio, isCameraOff, isMicrophoneMuted } = capture

  useEffect(
    () => () => {
      made.current?.stop()
      made.current = undefined
    },
    [],
  )
  useEffect(() => {
    if (video) broadcaster?.replaceTrack(video)
  }, [broadcaster, video])
  useEffect(() => {
    if (audio) broadcaster?.replaceTrack(audio)
  }, [broadcaster, audio])
  const isSending = state === 'connecting' || state === 'live' || state === 'reconnecting'
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new sending begins unmuted and must be told.
  useEffect(() => {
    broadcaster?.setMuted('video', isCameraOff)
    broadcaster?.setMuted('audio', isMicrophoneMuted)
  }, [broadcaster, isCameraOff, isMicrophoneMuted, isSending])

  const start = useCallback(async () => {
    const { createBroadcaster } = await import('../../../../client/live/broadcaster.ts')
    const current = made.current ?? createBroadcaster({ connection, streamId })
    if (!made.current) {
      made.current = current
      current.onState(setState)
      setBroadcaster(current)
    }
    await current.start(new MediaStream([video, audio].filter((track) => track !== undefined)))
  }, [connection, streamId, video, audio])

  return {
    state,
    error: broadcaster?.error,
    broadcaster,
    start,
    stop: useCallback(() => made.current?.stop(), []),
  }
}
