import { useEffect, useState } from 'react'
import type { SendStats } from '../../../../client/live/rules/stats.ts'
import { formatBitrate, formatShare } from '../../format/number.ts'
import { studio } from '../../text/studio.ts'
import { cx } from '../../ui/cx.ts'
import { type Grade, gradesOf } from './grades.ts'
import type { Sender } from './use-sender.ts'

/** Often enough to see a change happen, seldom enough to read the figures. */
const READ_EVERY_MS = 2000

/** How well the picture gets through, in figures and colours. */
export function Health({ sender }: { sender: Sender }) {
  const stats = useStats(sender)
  const grades = stats && gradesOf(stats)
  const unknown = studio('unknown')
  return (
    <section aria-label={studio('health')}>
      <dl className="grid grid-cols-2 gap-2 sm:grid-cols-5">
        <Meter
          label={studio('bitrate')}
          grade={grades?.bitrate}
          value={stats ? formatBitrate(stats.bitrateBps) : unknown}
        />
        <Meter
          label={studio('frames')}
          grade={grades?.fps}
          value={stats ? studio('framesPerSecond', { fps: Math.round(stats.fps) }) : unknown}
        />
        <Meter
          label={studio('resolution')}
          value={
            stats?.width
              ? studio('size', { width: String(stats.width), height: String(stats.height) })
              : unknown
          }
        />
        <Meter
          label={studio('roundTrip')}
          grade={grades?.roundTrip}
          value={
            stats?.rttMs === undefined ? unknown : studio('milliseconds', { ms: Math.round(stats.rttMs) })
          }
        />
        <Meter
          label={studio('loss')}
          grade={grades?.loss}
          value={stats ? formatShare(stats.lossShare) : unknown}
        />
      </dl>
      {stats?.limitedBy === 'cpu' && <Hint text={studio('limitedByCpu')} />}
      {stats?.limitedBy === 'bandwidth' && <Hint text={studio('limitedByBandwidth')} />}
    </section>
  )
}

const DOTS: Record<Grade, string> = { good: 'bg-money', fair: 'bg-text-3', poor: 'bg-live' }

function Meter({ label, value, grade }: { label: string; value: string; grade?: Grade | undefined }) {
  return (
    <div className="rounded-md border border-line bg-surface-1 px-3 py-2.5">
      <dt className="flex items-center gap-1.5 text-xs text-text-3">
        {grade && <span aria-hidden className={cx('size-2 rounded-full', DOTS[grade])} />}
        {label}
      </dt>
      <dd className="mt-0.5 truncate text-sm font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

const Hint = ({ text }: { text: string }) => (
  <p role="status" className="mt-2 text-text-2">
    {text}
  </p>
)

function useStats({ broadcaster, state }: Sender): SendStats | undefined {
  const [stats, setStats] = useState<SendStats>()
  const isSending = state === 'live' || state === 'reconnecting'
  useEffect(() => {
    if (!broadcaster || !isSending) return setStats(undefined)
    const read = () => void broadcaster.stats().then(setStats, () => setStats(undefined))
    const timer = setInterval(read, READ_EVERY_MS)
    return () => clearInterval(timer)
  }, [broadcaster, isSending])
  return stats
}
