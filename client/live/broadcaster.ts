import type { types } from 'mediasoup-client'
import type { Connection } from '../types.ts'
import { GoneError, isFinal, NoPathError } from './failures.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import type { SendStats } from './rules/stats.ts'
import { type Kind, Sender } from './sender.ts'
import { followStream } from './stream-events.ts'

/**
 * idle → connecting → live ⇄ reconnecting; connecting and reconnecting → failed; everything → stopped.
 * From stopped and failed, `start` begins anew. Nothing leads to `live` but packets that can pass.
 */
export type BroadcasterState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'failed' | 'stopped'

/** Sends one page's camera and microphone to a stream, and keeps doing so over lost networks, servers and workers. */
export type Broadcaster = {
  readonly state: BroadcasterState
  /** Why it failed, or what went wrong with the last try; undefined while all is well. */
  readonly error: unknown
  /** Resolves when live; rejects with what made it fail, or when it was stopped before. The tracks stay the caller's. */
  start(stream: MediaStream): Promise<void>
  /** Sends this track in place of the earlier one of its kind. */
  replaceTrack(track: MediaStreamTrack): void
  /** Sends silence or black; packets go on. */
  setMuted(kind: Kind, isMuted: boolean): void
  /** Ends sending; the tracks are left running. */
  stop(): void
  /** Returns the function that ends the subscription. */
  onState(listener: (state: BroadcasterState) => void): () => void
  /** Undefined while nothing is connected. */
  stats(): Promise<SendStats | undefined>
}

export type BroadcasterOptions = {
  connection: Connection
  streamId: string
  /** For programs without a browser: a device of mediasoup-client. */
  device?: types.Device
}

/** How long a path may take to come up before it is tried again: ICE over a slow radio link needs a few seconds. */
const PATH_TIMEOUT_MS = 8000
/** After so many restarts in vain the transport is built anew: the server may have moved to another address. */
const RESTARTS = 3

export function createBroadcaster({ connection, streamId, device }: BroadcasterOptions): Broadcaster {
  const listeners = new Set<(state: BroadcasterState) => void>()
  let state: BroadcasterState = 'idle'
  let error: unknown
  let run: Run | undefined

  const setState = (next: BroadcasterState) => {
    if (next === state) return
    state = next
    for (const listener of listeners) listener(next)
  }

  const end = (next: 'stopped' | 'failed', reason: unknown) => {
    const ended = run
    run = undefined
    ended?.end(reason)
    error = next === 'failed' ? reason : undefined
    setState(next)
  }

  return {
    get state() {
      return state
    },
    get error() {
      return error
    },
    start(stream) {
      if (run) end('stopped', new Error('The broadcast was started anew.'))
      const sender = new Sender({ connection, streamId, device, onTrouble: () => mine.check() })
      for (const track of stream.getTracks()) sender.setTrack(track)
      const mine: Run = createRun(connection, streamId, sender, {
        onConnecting(reason) {
          error = reason ?? error
          setState(state === 'live' || state === 'reconnecting' ? 'reconnecting' : 'connecting')
        },
        onLive() {
          error = undefined
          setState('live')
        },
        onFailed: (reason) => end('failed', reason),
      })
      run = mine
      error = undefined
      setState('connecting')
      return mine.begin()
    },
    replaceTrack(track) {
      run?.sender.setTrack(track)
      run?.keeper.kick()
    },
    setMuted: (kind, isMuted) => run?.sender.setMuted(kind, isMuted),
    stop() {
      if (state !== 'idle') end('stopped', new Error('The broadcast was stopped.'))
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stats: async () => run?.sender.stats(),
  }
}

/** From one `start` to its end. */
type Run = {
  sender: Sender
  keeper: Keeper
  begin(): Promise<void>
  /** The transport may be gone or cut off: have a look. */
  check(): void
  end(reason: unknown): void
}

type RunEvents = {
  onConnecting(reason?: unknown): void
  onLive(): void
  onFailed(reason: unknown): void
}

function createRun(connection: Connection, streamId: string, sender: Sender, events: RunEvents): Run {
  const first = createFirst()
  let isSuspect = false
  let isEnded = false
  let isLive = false
  let restarts = 0

  const bringLive = async (): Promise<void> => {
    if (isSuspect) await sender.restart()
    isSuspect = false
    await sender.sendAll()
    if (isEnded) return
    if (!(await sender.untilConnected(PATH_TIMEOUT_MS))) {
      isSuspect = true
      throw new NoPathError('No path to the media server came up.')
    }
    if (isEnded || isSuspect) return
    isLive = true
    restarts = 0
    events.onLive()
    first.resolve()
  }

  const onError = (reason: unknown): 'retry' | 'stop' => {
    if (isEnded) return 'stop'
    isLive = false
    if (reason instanceof NoPathError) restarts++
    if (reason instanceof GoneError || restarts >= RESTARTS) {
      restarts = 0
      sender.drop()
    }
    if (isFinal(reason)) {
      events.onFailed(reason)
      return 'stop'
    }
    events.onConnecting(reason)
    return 'retry'
  }

  const keeper = createKeeper({ run: bringLive, onError })
  const check = () => {
    isSuspect = true
    isLive = false
    events.onConnecting()
    keeper.kick()
  }
  const unfollow = followStream(connection, streamId, {
    onBack: check,
    onItem(item) {
      // Our tracks were received and are not any more: the worker died, or the room was closed.
      if (item.type !== 'media' || !isLive) return
      if (sender.kinds.some((kind) => !item.kinds.includes(kind))) check()
    },
  })

  return {
    sender,
    keeper,
    begin() {
      keeper.kick()
      return first.promise
    },
    check,
    end(reason) {
      isEnded = true
      keeper.stop()
      unfollow()
      sender.close()
      first.reject(reason)
    },
  }
}

/** The promise of `start`, settled once. */
function createFirst() {
  let resolve = (): void => undefined
  let reject = (_reason: unknown): void => undefined
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve: () => resolve(), reject: (reason: unknown) => reject(reason) }
}
