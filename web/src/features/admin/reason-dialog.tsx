import { type FormEvent, type ReactNode, useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { adminText } from '../../text/admin.ts'
import { common } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'

export type Act = {
  title: string
  hint: string
  confirm: string
  /** Said when it is done. */
  done: string
  isDangerous?: boolean
  /** Who will read the reason; without it staff alone. */
  reasonHint?: string
  /** What else there is to choose. */
  fields?: ReactNode
  run(reason: string): Promise<unknown>
}

/** As the server has it (src/contract/governance.ts). */
const REASON_MIN = 3
const REASON_MAX = 500

/** Asks why before something is done by special rights, and says what will happen. */
export function ReasonDialog({ act, onClose }: { act: Act | undefined; onClose: () => void }) {
  return (
    <Dialog
      isOpen={act !== undefined}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={act?.title ?? ''}
      hint={act?.hint ?? ''}
    >
      {act && <ReasonForm act={act} onClose={onClose} />}
    </Dialog>
  )
}

function ReasonForm({ act, onClose }: { act: Act; onClose: () => void }) {
  const toast = useToast()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason')).trim()
    const isShort = reason.length < REASON_MIN
    setProblem(isShort ? adminText('reasonRule') : undefined)
    if (isShort) return focusFirstProblem(event.currentTarget)
    setIsBusy(true)
    act.run(reason).then(
      () => {
        toast({ title: act.done })
        onClose()
      },
      (refused: unknown) => {
        setError(refused)
        setIsBusy(false)
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {error !== undefined && <FormError>{errorText(error)}</FormError>}
      {act.fields}
      <Field
        label={adminText('reason')}
        hint={act.reasonHint ?? adminText('reasonHintLog')}
        name="reason"
        maxLength={REASON_MAX}
        autoComplete="off"
        error={problem}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{common('cancel')}</Button>
        <Button type="submit" look={act.isDangerous ? 'live' : 'primary'} isBusy={isBusy}>
          {act.confirm}
        </Button>
      </div>
    </form>
  )
}
