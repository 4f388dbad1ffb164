import { Link } from '@tanstack/react-router'
import { ChevronRight, KeyRound, Link2, type LucideIcon, ShieldCheck } from 'lucide-react'
import { security } from '../../../text/security.ts'

const LINKS = [
  { to: '/settings/two-step', icon: ShieldCheck, title: 'twoStep', hint: 'twoStepShort' },
  { to: '/settings/passkeys', icon: KeyRound, title: 'passkeys', hint: 'passkeysShort' },
  { to: '/settings/connected', icon: Link2, title: 'connectedAccounts', hint: 'connectedShort' },
] as const

/** The settings of how somebody signs in, each a page of its own. */
export function SecurityLinks() {
  return (
    <ul className="-mx-2 flex flex-col">
      {LINKS.map(({ to, icon, title, hint }) => (
        <li key={to}>
          <Link to={to} className="flex min-h-14 items-center gap-3 rounded-sm px-2 py-2 hover:bg-surface-2">
            <Face icon={icon} />
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{security(title)}</span>
              <span className="block text-text-2">{security(hint)}</span>
            </span>
            <ChevronRight aria-hidden size={18} className="text-text-3" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Face({ icon: Icon }: { icon: LucideIcon }) {
  return <Icon aria-hidden size={20} className="text-text-3" />
}
