import type { StreamsService } from '../../src/features/streams/streams.service.ts'
import type { Handlers } from '../dispatch.ts'
import { accountOf } from './account.ts'

type Names = 'broadcast:start' | 'broadcast:schedule' | 'broadcast:update' | 'broadcast:end'

export const streamsHandlers = (streams: StreamsService): Handlers<Names> => ({
  'broadcast:start': ({ viewer }, input) => streams.start(accountOf(viewer), input),
  'broadcast:schedule': ({ viewer }, input) => streams.schedule(accountOf(viewer), input),
  'broadcast:update': ({ viewer }, input) => streams.update(viewer, input),
  'broadcast:end': ({ viewer }, { broadcastId }) => streams.end(viewer, broadcastId),
})
