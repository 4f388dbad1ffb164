import { premiereText } from '../../../text/premieres.ts'
import { cx } from '../../../ui/cx.ts'
import type { Place } from './use-together.ts'

/** Says whether one is where all are, and brings one there. */
export function LiveButton({ place: { isBehind, toCommon } }: { place: Place }) {
  return (
    <button
      type="button"
      onClick={toCommon}
      aria-label={premiereText(isBehind ? 'toLive' : 'isLive')}
      title={premiereText(isBehind ? 'toLive' : 'isLive')}
      data-testid="to-live"
      className="flex h-9 items-center gap-1.5 rounded-full px-2.5 text-xs font-bold tracking-wide text-white uppercase hover:bg-white/20 focus-visible:outline-white"
    >
      <span aria-hidden className={cx('size-2 rounded-full', isBehind ? 'bg-white/60' : 'bg-live')} />
      {premiereText('live')}
    </button>
  )
}
