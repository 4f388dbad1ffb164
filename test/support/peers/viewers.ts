/**
 * Real WebRTC viewers in Node. Arguments: server URL, stream id, how many. Twice a second sends over IPC, per viewer,
 * `{ state, bytes }` of what it has received.
 */
import { createWatcher } from '../../../client/live/watcher.ts'
import { personWith } from '../person.ts'
import { createWrtcDevice, installWrtc } from './wrtc-device.ts'

const [url = '', streamId = '', count = '1'] = process.argv.slice(2)

installWrtc()
const watchers = await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    const { connection } = personWith(url, undefined)
    return createWatcher({ connection, streamId, device: await createWrtcDevice() })
  }),
)
setInterval(async () => {
  const reports = await Promise.all(
    watchers.map(async (watcher) => ({
      state: watcher.state,
      stats: await watcher.stats().catch(() => undefined),
    })),
  )
  process.send?.({ type: 'report', reports })
}, 500)
