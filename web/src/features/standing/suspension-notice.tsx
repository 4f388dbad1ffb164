import { ShieldAlert } from 'lucide-react'
import { useApi } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { formatExact } from '../../format/time.ts'
import { suspensionText } from '../../text/standing.ts'

/** How late the notice goes after the suspension ended. */
const LOOK_MS = 10_000

/** Tells whoever is suspended why and until when, on every page. */
export function SuspensionNotice() {
  const suspension = useApi('get /api/me').data?.suspension
  const nowMs = useNow(LOOK_MS)
  if (!suspension || (suspension.until !== null && suspension.until <= nowMs)) return null
  const { until, reason } = suspension
  return (
    <div role="alert" className="flex gap-3 border-y border-danger/50 bg-danger/10 px-4 py-3 md:px-6">
      <ShieldAlert aria-hidden size={20} className="mt-px shrink-0 text-danger" />
      <div className="min-w-0">
        <p className="font-semibold">
          {until === null ? suspensionText('forEver') : suspensionText('until', { when: formatExact(until) })}
        </p>
        <p className="wrap-anywhere">{suspensionText('reason', { reason })}</p>
      </div>
    </div>
  )
}
