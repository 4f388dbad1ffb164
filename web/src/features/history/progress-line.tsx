import { historyText } from '../../text/history.ts'

/** A thin line at the lower edge of a poster: how much of the video one has watched. */
export function ProgressLine({ share }: { share: number | undefined }) {
  if (share === undefined) return null
  return (
    <div
      role="img"
      aria-label={historyText('watched', { percent: Math.round(share * 100) })}
      className="absolute inset-x-0 bottom-0 h-1 bg-black/50"
    >
      <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
    </div>
  )
}
