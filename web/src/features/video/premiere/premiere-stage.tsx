import { useEffect, useState } from 'react'
import { thumbBackground } from '../../../format/picture.ts'
import { formatCountdown, formatExact } from '../../../format/time.ts'
import { premiereText } from '../../../text/premieres.ts'
import type { Video } from '../watch/use-video.ts'
import type { PremiereNow } from './use-premiere.ts'
import { useServerNow } from './use-server-now.ts'

/** Often enough that no second is left out. */
const TICK_MS = 200
const SECOND_MS = 1000
const MINUTE_MS = 60_000

/** The place of the picture before the time of a premiere: its poster, and how long it takes. */
export function PremiereStage({ video, premiere }: { video: Video; premiere: PremiereNow }) {
  const { posterUrl, thumbhash } = video
  useEffect(() => {
    // The player is there when its time comes; where this fails it is loaded then.
    void import('hls.js').catch(() => {})
  }, [])
  return (
    <div
      className="relative size-full bg-black"
      style={{ background: thumbhash ? thumbBackground({ id: '', thumbhash }) : undefined }}
    >
      {posterUrl !== null && (
        <img src={`${posterUrl}1280.jpg`} alt="" className="absolute inset-0 size-full object-cover" />
      )}
      <div className="absolute inset-0 grid place-items-center bg-black/70 p-6 text-center text-white">
        <div>
          <p data-testid="countdown" className="text-2xl font-bold tabular-nums max-sm:text-lg">
            <Countdown premiere={premiere} />
          </p>
          <p className="mt-2 max-w-lg text-base text-pretty max-sm:text-sm">
            {premiereText('when', { when: formatExact(premiere.startsAt) })}
          </p>
          <Announced startsAt={premiere.startsAt} aheadMs={premiere.aheadMs} />
        </div>
      </div>
    </div>
  )
}

/** Whole seconds; the last one is shown as such, and not as none. */
const leftMs = (startsAt: number, nowMs: number) => Math.ceil((startsAt - nowMs) / SECOND_MS) * SECOND_MS

function Countdown({ premiere: { startsAt, aheadMs } }: { premiere: PremiereNow }) {
  const remainingMs = leftMs(startsAt, useServerNow(aheadMs, TICK_MS))
  return remainingMs > 0
    ? premiereText('countdown', { countdown: formatCountdown(remainingMs) })
    : premiereText('due')
}

/** Read out when it is opened, and moved, and once a minute: each second would drown everything else. */
function Announced({ startsAt, aheadMs }: Pick<PremiereNow, 'startsAt' | 'aheadMs'>) {
  const nowMs = useServerNow(aheadMs, MINUTE_MS)
  const [text, setText] = useState('')
  useEffect(() => {
    setText(premiereText('countdown', { countdown: formatCountdown(leftMs(startsAt, nowMs)) }))
  }, [startsAt, nowMs])
  return (
    <span role="status" className="sr-only">
      {text}
    </span>
  )
}
