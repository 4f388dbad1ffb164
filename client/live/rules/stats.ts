/** What the sender's side looks like now. Rates are since the previous reading. */
export type SendStats = {
  bitrateBps: number
  fps: number
  /** Of the largest layer that is being sent. */
  width: number
  height: number
  /** Undefined until the first report of the other side. */
  rttMs: number | undefined
  /** Share of packets lost on the way to the server, 0..1. */
  lossShare: number
  /** Such as `video/H264`; undefined before the first picture. */
  codec: string | undefined
  /** Why the browser sends less than it was asked to. */
  limitedBy: 'none' | 'cpu' | 'bandwidth' | 'other'
}

/** What a viewer's side looks like now. Rates are since the previous reading. */
export type ReceiveStats = Omit<SendStats, 'limitedBy'> & {
  jitterMs: number
  framesDropped: number
  /** All bytes of media since the transport began. */
  bytesReceived: number
}

/** An entry of an RTCStatsReport; browsers leave out what they don't know. */
export type Entry = { type: string; [field: string]: unknown }

/** Reads a report and remembers its byte count, for the rate of the next one. */
export type StatsReader<Stats> = (entries: readonly Entry[], nowMs: number) => Stats

const number = (entry: Entry | undefined, field: string): number | undefined => {
  const value = entry?.[field]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
const sum = (entries: readonly Entry[], field: string) =>
  entries.reduce((total, entry) => total + (number(entry, field) ?? 0), 0)
const isVideo = (entry: Entry) => entry.kind === 'video'

/** The report of a whole peer connection as a list. */
export function entriesOf(report: RTCStatsReport): Entry[] {
  const entries: Entry[] = []
  report.forEach((entry: Entry) => {
    entries.push(entry)
  })
  return entries
}

export function createSendReader(): StatsReader<SendStats> {
  const rate = createRate()
  return (entries, nowMs) => {
    const outbound = entries.filter(({ type }) => type === 'outbound-rtp')
    const reports = entries.filter(({ type }) => type === 'remote-inbound-rtp')
    const top = largest(outbound.filter((entry) => isVideo(entry) && entry.active !== false))
    const reason = top?.qualityLimitationReason
    return {
      bitrateBps: rate(sum(outbound, 'bytesSent'), nowMs),
      ...picture(top),
      rttMs: roundTripMs(entries),
      lossShare: Math.max(0, ...reports.map((entry) => number(entry, 'fractionLost') ?? 0)),
      codec: codecOf(entries, top),
      limitedBy: reason === 'cpu' || reason === 'bandwidth' || reason === 'other' ? reason : 'none',
    }
  }
}

export function createReceiveReader(): StatsReader<ReceiveStats> {
  const rate = createRate()
  return (entries, nowMs) => {
    const inbound = entries.filter(({ type }) => type === 'inbound-rtp')
    // mediasoup sends padding on a video stream of its own to measure the path; that one never has a frame.
    const top = largest(
      inbound.filter((entry) => isVideo(entry) && (number(entry, 'framesDecoded') ?? 0) > 0),
    )
    const bytesReceived = sum(inbound, 'bytesReceived')
    const lost = sum(inbound, 'packetsLost')
    const expected = sum(inbound, 'packetsReceived') + lost
    return {
      bitrateBps: rate(bytesReceived, nowMs),
      bytesReceived,
      ...picture(top),
      rttMs: roundTripMs(entries),
      lossShare: expected > 0 ? Math.max(0, lost / expected) : 0,
      codec: codecOf(entries, top),
      jitterMs: Math.round((number(top, 'jitter') ?? 0) * 1000),
      framesDropped: number(top, 'framesDropped') ?? 0,
    }
  }
}

const largest = (entries: readonly Entry[]): Entry | undefined =>
  entries.reduce<Entry | undefined>(
    (best, entry) =>
      !best || (number(entry, 'frameWidth') ?? 0) > (number(best, 'frameWidth') ?? 0) ? entry : best,
    undefined,
  )

const picture = (top: Entry | undefined) => ({
  fps: Math.round(number(top, 'framesPerSecond') ?? 0),
  width: number(top, 'frameWidth') ?? 0,
  height: number(top, 'frameHeight') ?? 0,
})

function roundTripMs(entries: readonly Entry[]): number | undefined {
  const pair = entries.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true)
  const report = entries.find(({ type }) => type === 'remote-inbound-rtp')
  const seconds = number(pair, 'currentRoundTripTime') ?? number(report, 'roundTripTime')
  return seconds === undefined ? undefined : Math.round(seconds * 1000)
}

function codecOf(entries: readonly Entry[], stream: Entry | undefined): string | undefined {
  const codec = entries.find(({ type, id }) => type === 'codec' && id === stream?.codecId)
  return typeof codec?.mimeType === 'string' ? codec.mimeType : undefined
}

/** Bits per second between two readings; 0 for the first and where the count began anew. */
function createRate(): (bytes: number, nowMs: number) => number {
  let last: { bytes: number; atMs: number } | undefined
  return (bytes, nowMs) => {
    const before = last
    last = { bytes, atMs: nowMs }
    if (!before || nowMs <= before.atMs || bytes < before.bytes) return 0
    return Math.round(((bytes - before.bytes) * 8 * 1000) / (nowMs - before.atMs))
  }
}
