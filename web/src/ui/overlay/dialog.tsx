import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { common } from '../../text/common.ts'
import { IconButton } from '../button.tsx'

type DialogProps = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: string
  hint?: string
  children: ReactNode
}

export const overlayClass = 'fixed inset-0 z-40 bg-shade data-[state=open]:animate-appear'
export const dialogClass =
  'fixed top-1/2 left-1/2 z-50 max-h-[85dvh] w-[min(480px,calc(100vw-32px))] -translate-1/2 overflow-auto rounded-md ' +
  'border border-line bg-surface-1 p-6 shadow-2xl shadow-black/30 data-[state=open]:animate-appear'

/** A window over the page; focus stays in it and returns to where it was. */
export function Dialog({ isOpen, onOpenChange, title, hint, children }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClass} />
        <Radix.Content className={dialogClass} {...(!hint && { 'aria-describedby': undefined })}>
          <div className="mb-4 flex items-start gap-4">
            <div className="flex-1">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {hint && <Radix.Description className="mt-1 text-text-2">{hint}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label={common('close')} className="-mt-1.5 -mr-2" />
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
