import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from 'react'
import type { ShownToast, ToastContent } from './toast-stack.tsx'

// Most visits never see a notice: its code comes with the first one.
const ToastStack = lazy(() => import('./toast-stack.tsx').then((module) => ({ default: module.ToastStack })))

/** More at once would cover the page on a phone. */
const TOASTS_AT_ONCE = 3

const ToastContext = createContext<(toast: ToastContent) => void>(() => {})

/** Shows a short notice at the edge of the page. */
export const useToast = () => useContext(ToastContext)

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<ShownToast[]>()
  const show = useCallback((toast: ToastContent) => {
    setToasts((before = []) =>
      [...before, { ...toast, id: (before.at(-1)?.id ?? 0) + 1 }].slice(-TOASTS_AT_ONCE),
    )
  }, [])
  const remove = (id: number) => setToasts((before) => before?.filter((toast) => toast.id !== id))
  return (
    <ToastContext value={show}>
      {children}
      {toasts && (
        <Suspense>
          <ToastStack toasts={toasts} onClose={remove} />
        </Suspense>
      )}
    </ToastContext>
  )
}
