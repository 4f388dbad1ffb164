import type { MediaEvent } from '../../media/client/control.ts'
import type { Gateway } from '../../realtime/gateway.ts'
import type { MediaDesk } from '../../realtime/members/media-desk.ts'
import { streamTopic } from '../features/streams/streams.service.ts'
import { type Leadership, leadOne } from '../infra/postgres/leadership.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import type { Services } from './services.ts'

/** How late a broadcast whose grace is over may end. */
const OVERDUE_CHECK_MS = 2000

type Deps = {
  platform: Platform
  database: Pick<PlatformDatabase, 'appUrl'>
  services: Pick<Services, 'streams'>
  gateway: Pick<Gateway, 'topics'>
  desk: MediaDesk
}

/**
 * Turns what the SFU sees into states and pushes; answers the function that ends it. Where several gateways share SFUs
 * all of them hear everything, and one of them acts. A gateway with an SFU of its own acts on that one alone.
 */
export async function followMedia(deps: Deps): Promise<() => Promise<void>> {
  const { platform, database, services, gateway, desk } = deps
  const { media, log, link, mediaNode } = platform
  const states = createStates(deps)
  let leadership: Leadership | undefined
  const acts = () => leadership?.isLeader() ?? true

  const follow = (event: MediaEvent) => {
    if (event.type === 'status') return gateway.topics.set('media:status', event.status)
    if (event.type === 'lost') desk.streamGone(event.room)
    if (!acts()) return
    if (event.type === 'flow') return states.flow(event.room, event.isFlowing)
    states.showMedia(event.room, event.generation, event.type === 'media' ? event.kinds : [])
    if (event.type === 'lost') states.flow(event.room, false)
  }
  const unfollow = media.onEvent(follow)
  gateway.topics.set('media:status', media.status())
  if (link && !mediaNode) {
    const onChange = (isLeader: boolean) => isLeader && report(log, states.takeOver())
    leadership = await leadOne({ url: database.appUrl, name: 'media', log, onChange })
  }
  // Nobody's time is over as long as it is not sure who sends.
  const look = () => {
    if (acts()) report(log, states.isUpToDate() ? services.streams.endOverdue() : states.bringUpToDate())
  }
  look()
  const timer = setInterval(look, OVERDUE_CHECK_MS)
  return async () => {
    unfollow()
    clearInterval(timer)
    await leadership?.[Symbol.asyncDispose]()
  }
}

/** Brings the states of broadcasts in line with what the SFU sees. */
function createStates({ platform: { media, log }, services: { streams }, gateway }: Deps) {
  // Per stream in order: a flow that stops and comes back must not be written the other way round.
  const queues = new Map<string, Promise<unknown>>()
  // From the start until it was done, and again after a move that the database did not take.
  let isUpToDate = false
  const failed = (streamId: string) => (error: unknown) => {
    isUpToDate = false
    complain(log.child({ streamId }))(error)
  }
  const inOrder = (streamId: string, work: () => Promise<void>) => {
    const next = (queues.get(streamId) ?? Promise.resolve()).then(work).catch(failed(streamId))
    queues.set(streamId, next)
    void next.then(() => queues.get(streamId) === next && queues.delete(streamId))
  }
  const isFlowing = async (streamId: string) =>
    (await media.rooms()).some((known) => known.room === streamId && known.isFlowing)
  const showMedia = (room: string, generation: number, kinds: readonly string[]) =>
    gateway.topics.append(streamTopic(room), [{ type: 'media', generation, kinds }])

  return {
    isUpToDate: () => isUpToDate,
    showMedia,
    flow: (room: string, isThere: boolean) => inOrder(room, () => streams.mediaFlow(room, isThere)),

    /** What the database calls live and the SFU does not know is interrupted, and the other way round. */
    async bringUpToDate(): Promise<void> {
      isUpToDate = true
      try {
        for (const streamId of await streams.onAirStreams())
          inOrder(streamId, async () => streams.mediaFlow(streamId, await isFlowing(streamId)))
      } catch (error) {
        isUpToDate = false
        throw error
      }
    },

    /** What was seen while nobody acted is shown again: who has it already knows by the generation. */
    async takeOver(): Promise<void> {
      isUpToDate = false
      for (const { room, generation, kinds } of await media.rooms()) showMedia(room, generation, kinds)
    },
  }
}

const complain = (log: Platform['log']) => (error: unknown) =>
  log.error({ error }, 'The state of a stream could not be brought up to date')

export const report = (log: Platform['log'], work: Promise<unknown>) => void work.catch(complain(log))
