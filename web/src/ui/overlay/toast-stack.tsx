import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { shell } from '../../text/shell.ts'
import { Button, IconButton } from '../button.tsx'
import { cx } from '../cx.ts'

export type ToastContent = {
  title: string
  tone?: 'plain' | 'danger'
  /** What can be done about it; `hint` says where else, for who can not reach the notice in time. */
  action?: { label: string; hint: string; onAction: () => void }
}
export type ShownToast = ToastContent & { id: number }

/** Long enough to read two short sentences; WCAG 2.2.1 is met by the pause on hover and focus that Radix brings. */
const TOAST_MS = 6000
/** Long enough to see one's mistake and to reach the button. */
const ACTION_TOAST_MS = 15_000

/** The notices at the edge of the page. */
export function ToastStack({ toasts, onClose }: { toasts: ShownToast[]; onClose: (id: number) => void }) {
  return (
    <Toast.Provider duration={TOAST_MS} swipeDirection="right">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onClose={() => onClose(toast.id)} />
      ))}
      <Toast.Viewport
        label={shell('notifications', { hotkey: '{hotkey}' })}
        className="fixed right-4 bottom-4 z-50 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2 max-md:bottom-18"
      />
    </Toast.Provider>
  )
}

function OneToast({ toast, onClose }: { toast: ShownToast; onClose: () => void }) {
  return (
    <Toast.Root
      duration={toast.action ? ACTION_TOAST_MS : TOAST_MS}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className={cx(
        'flex animate-rise items-center gap-3 rounded-md border bg-surface-1 py-2 pr-2 pl-4 shadow-xl shadow-black/15',
        toast.tone === 'danger' ? 'border-danger/50' : 'border-line',
      )}
    >
      <Toast.Title className="flex-1 text-sm font-medium">{toast.title}</Toast.Title>
      {toast.action && (
        <Toast.Action asChild altText={toast.action.hint}>
          <Button size="sm" onClick={toast.action.onAction}>
            {toast.action.label}
          </Button>
        </Toast.Action>
      )}
      <Toast.Close asChild>
        <IconButton icon={X} label={shell('dismiss')} className="size-8" />
      </Toast.Close>
    </Toast.Root>
  )
}
