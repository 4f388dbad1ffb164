import { ArrowUp } from 'lucide-react'
import { social } from '../../text/social.ts'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'

/** How many entries wait above the list; takes no place of its own, so that nothing moves when it comes. */
export function FreshPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div role="status" className="pointer-events-none sticky top-18 z-20 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          data-testid="feed-new"
          aria-label={social('feedNewLabel', { count })}
          onClick={onShow}
          className={cx(
            buttonClass('primary', 'sm'),
            'pointer-events-auto animate-appear shadow-lg shadow-black/25 tabular-nums',
          )}
        >
          <ArrowUp aria-hidden size={16} />
          {social('feedNew', { count })}
        </button>
      )}
    </div>
  )
}
