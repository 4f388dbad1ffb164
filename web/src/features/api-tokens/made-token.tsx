import { Copy } from 'lucide-react'
import { tokenText } from '../../text/standing.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'

/** Shows a new token, this once. */
export function MadeToken({ token, onClose }: { token: string | undefined; onClose: () => void }) {
  const toast = useToast()
  const copy = () =>
    // Pages over plain HTTP have no clipboard.
    (navigator.clipboard?.writeText(token ?? '') ?? Promise.reject(new Error('no clipboard'))).then(
      () => toast({ title: tokenText('copied') }),
      () => toast({ title: tokenText('copyFailed'), tone: 'danger' }),
    )
  return (
    <Dialog
      isOpen={token !== undefined}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={tokenText('madeTitle')}
      hint={tokenText('madeHint')}
    >
      <Field
        label={tokenText('token')}
        readOnly
        value={token ?? ''}
        data-testid="made-token"
        onFocus={(event) => event.target.select()}
      />
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button icon={Copy} onClick={() => void copy()}>
          {tokenText('copy')}
        </Button>
        <Button look="primary" onClick={onClose}>
          {tokenText('done')}
        </Button>
      </div>
    </Dialog>
  )
}
