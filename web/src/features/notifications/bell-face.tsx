import { Bell } from 'lucide-react'
import { UnreadBadge } from './unread-badge.tsx'

export const bellClass =
  'relative inline-flex size-10 shrink-0 items-center justify-center rounded-full text-text-2 transition-colors hover:bg-surface-2 hover:text-text-1'

export function BellFace({ unread }: { unread: number }) {
  return (
    <>
      <Bell aria-hidden size={20} />
      <UnreadBadge unread={unread} className="top-0 right-0" />
    </>
  )
}
