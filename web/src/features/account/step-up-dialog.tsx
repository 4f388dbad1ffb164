import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { account as accountText } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'

/** Asks who is there before something dangerous; what was begun goes on by itself afterwards. */
export function StepUpDialog() {
  const { stepUp } = useApp()
  const account = useAccount()
  const hasPassword = account?.hasPassword ?? true
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && stepUp.settle(false)}
      title={accountText('confirmTitle')}
      hint={accountText(hasPassword ? 'confirmHint' : 'confirmBySignIn')}
    >
      {hasPassword ? (
        <PasswordProof />
      ) : (
        <Link
          to="/sign-in"
          search={{ next: `${location.pathname}${location.search}` }}
          onClick={() => stepUp.settle(false)}
          className={buttonClass('primary')}
        >
          {common('signIn')}
        </Link>
      )}
    </Dialog>
  )
}

function PasswordProof() {
  const { stepUp } = useApp()
  const confirm = useApiChange('post /api/account/confirm')
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    // The page under the dialog may be a form too; React lets events through portals.
    event.stopPropagation()
    const password = String(new FormData(event.currentTarget).get('password'))
    setProblem(password ? undefined : accountText('passwordMissing'))
    if (password) confirm.mutate({ body: { password } }, { onSuccess: () => stepUp.settle(true) })
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {confirm.error && <FormError>{errorText(confirm.error)}</FormError>}
      <Field
        label={accountText('password')}
        name="password"
        type="password"
        autoComplete="current-password"
        error={problem}
        // Else the way out has the focus, and Enter would take it.
        autoFocus
      />
      <div className="flex justify-end gap-2">
        <Button onClick={() => stepUp.settle(false)}>{common('cancel')}</Button>
        <Button type="submit" look="primary" isBusy={confirm.isPending}>
          {accountText('confirm')}
        </Button>
      </div>
    </form>
  )
}
