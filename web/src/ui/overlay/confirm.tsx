import { AlertDialog } from 'radix-ui'
import { buttonClass } from '../button.tsx'
import { dialogClass, overlayClass } from './dialog.tsx'

type ConfirmProps = {
  isOpen: boolean
  title: string
  hint: string
  confirm: string
  keep: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that can not be undone; says what will happen. */
export function Confirm({ isOpen, title, hint, confirm, keep, onConfirm, onClose }: ConfirmProps) {
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlayClass} />
        <AlertDialog.Content className={dialogClass}>
          <AlertDialog.Title className="text-lg font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-base text-text-2">{hint}</AlertDialog.Description>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel className={buttonClass('quiet')}>{keep}</AlertDialog.Cancel>
            <AlertDialog.Action className={buttonClass('live')} onClick={onConfirm}>
              {confirm}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
