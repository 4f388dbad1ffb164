import type { types } from 'mediasoup-client'
import { CallError, type Connection } from '../types.ts'
import { GoneError, isFinal, NoPathError } from './failures.ts'
import { createKeeper } from './keeper.ts'
import { type Quality, Receiver } from './receiver.ts'
import type { ReceiveStats } from './rules/stats.ts'
import { createStallGuard } from './stall-guard.ts'
import { followStream, type StreamItem } from './stream-events.ts'

/**
 * connecting → playing ⇄ reconnecting; connecting, playing, reconnecting ⇄ waiting (nobody is sending);
 * everything → failed (not allowed, no such stream, a browser without WebRTC), which is final.
 */
export type WatcherState = 'waiting' | 'connecting' | 'playing' | 'reconnecting' | 'failed'

/** Receives a stream for as long as somebody watches, over lost networks, servers, workers and senders. */
export type Watcher = {
  /** For a video element's `srcObject`; stays the same while its tracks change. */
  readonly stream: MediaStream
  readonly state: WatcherState
  /** Why it failed, or what went wrong with the last try; undefined while all is well. */
  readonly error: unknown
  /** Returns the function that ends the subscription. */
  onState(listener: (state: WatcherState) => void): () => void
  /** What can be chosen now, smallest first; with one entry or none there is no choice. */
  qualities(): Quality[]
  /** `auto` follows the network; a number is the `spatialLayer` of a quality, not to be exceeded. */
  setQuality(quality: 'auto' | number): void
  /** A hidden page gets no picture, only sound. */
  setHidden(isHidden: boolean): void
  /** Undefined while nothing is connected. */
  stats(): Promise<ReceiveStats | undefined>
  close(): void
}

export type WatcherOptions = {
  connection: Connection
  streamId: string
  /** For programs without a browser: a device of mediasoup-client. */
  device?: types.Device
}

/** How long a path may take to come up before it is tried again: ICE over a slow radio link needs a few seconds. */
const PATH_TIMEOUT_MS = 8000
/** After so many restarts in vain the transport is built anew: the server may have moved to another address. */
const RESTARTS = 3
/**
 * A stream that is on air without a sender is looked at again by itself, too: its events may have been those of another
 * SFU than the one that this viewer was sent to while the first could not be reached.
 */
const LOOK_AGAIN_MS = 5000

export function createWatcher({ connection, streamId, device }: WatcherOptions): Watcher {
  const listeners = new Set<(state: WatcherState) => void>()
  const receiver = new Receiver({ connection, streamId, device, onTrouble: () => keeper.check() })
  let state: WatcherState = 'connecting'
  let error: unknown

  const setState = (next: WatcherState) => {
    if (next === state || state === 'failed') return
    state = next
    for (const listener of listeners) listener(next)
  }
  const keeper = createAttachment(receiver, {
    onLive: () => {
      if (state === 'waiting') keeper.attach()
    },
    onPlaying() {
      error = undefined
      setState('playing')
    },
    onWaiting: () => setState('waiting'),
    onTrying(reason) {
      error = reason ?? error
      setState(state === 'connecting' || state === 'waiting' ? 'connecting' : 'reconnecting')
    },
    onFailed(reason) {
      error = reason
      setState('failed')
      end()
    },
  })
  const unfollow = followStream(connection, streamId, {
    onBack: keeper.check,
    onItem: keeper.onItem,
    onClosed: (code) => keeper.fail(new Error(`The server closed the stream to this viewer: ${code}.`)),
  })
  const guard = createStallGuard({
    isExpected: () => state === 'playing' && receiver.isConnected,
    bytesReceived: () => receiver.bytesReceived(),
    onStall: keeper.attach,
  })
  const end = () => {
    keeper.stop()
    guard.stop()
    unfollow()
    receiver.close()
  }
  keeper.attach()

  /** A wish that can not be told now is told when the transport is checked. */
  const wish = () => void receiver.applyWishes().catch(keeper.check)

  return {
    stream: receiver.stream,
    get state() {
      return state
    },
    get error() {
      return error
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    qualities: () => receiver.qualities,
    setQuality(quality) {
      receiver.setQuality(quality)
      wish()
    },
    setHidden(isHidden) {
      receiver.setHidden(isHidden)
      wish()
    },
    stats: () => receiver.stats(),
    close: end,
  }
}

/** A stream that is not live yet is nothing to try again: its events say when it is. */
function undefinedIfNotLive(error: unknown): undefined {
  if (error instanceof CallError && error.code === 'stream_not_live') return undefined
  throw error
}

/** What keeps the receiver attached to whatever is being sent. */
type Attachment = {
  /** Take what there is; nothing changes where all of it is there. */
  attach(): void
  /** The transport may be gone or cut off: restart its path, then attach. */
  check(): void
  onItem(item: StreamItem): void
  fail(reason: unknown): void
  stop(): void
}

type AttachmentEvents = {
  /** The broadcast is live: what could not be had before may be there now. */
  onLive(): void
  onPlaying(): void
  onWaiting(): void
  onTrying(reason?: unknown): void
  onFailed(reason: unknown): void
}

function createAttachment(receiver: Receiver, events: AttachmentEvents): Attachment {
  let isSuspect = false
  let restarts = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = async (): Promise<void> => {
    clearTimeout(timer)
    if (isSuspect) await receiver.restart()
    isSuspect = false
    const isSent = await receiver.receiveAll().catch(undefinedIfNotLive)
    if (isSent === false) timer = setTimeout(keeper.kick, LOOK_AGAIN_MS * (0.5 + Math.random()))
    if (!isSent) return events.onWaiting()
    if (!(await receiver.untilConnected(PATH_TIMEOUT_MS))) {
      isSuspect = true
      throw new NoPathError('No path to the media server came up.')
    }
    restarts = 0
    events.onPlaying()
  }

  const onError = (reason: unknown): 'retry' | 'stop' => {
    if (reason instanceof NoPathError) restarts++
    if (reason instanceof GoneError || restarts >= RESTARTS) {
      restarts = 0
      receiver.drop()
    }
    if (isFinal(reason)) {
      events.onFailed(reason)
      return 'stop'
    }
    events.onTrying(reason)
    return 'retry'
  }

  const keeper = createKeeper({ run, onError })
  return {
    attach: keeper.kick,
    check() {
      isSuspect = true
      events.onTrying()
      keeper.kick()
    },
    onItem(item) {
      if (item.type === 'broadcast') {
        if (item.broadcast.state === 'live') events.onLive()
        return
      }
      if (item.type !== 'media') return
      // The last picture stays until the sender is back: its tracks go when the next ones come.
      if (item.kinds.length === 0) events.onWaiting()
      else if (item.generation > receiver.generation) keeper.kick()
    },
    fail: events.onFailed,
    stop() {
      clearTimeout(timer)
      keeper.stop()
    },
  }
}
