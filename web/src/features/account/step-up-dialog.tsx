import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useApi } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { account as accountText } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { security } from '../../text/security.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { type CodeProof, ProofForm } from '../entry/proof-form.tsx'
import { askPasskey, canUsePasskeys } from '../entry/webauthn.ts'
import { textLinkClass } from './auth-frame.tsx'

const WAYS = {
  password: 'usePassword',
  totp: 'useApp',
  backup_code: 'useBackup',
  passkey: 'usePasskey',
} as const
type Way = keyof typeof WAYS
type Proof = { method: 'password'; password: string } | { method: 'passkey' } | CodeProof

/** Asks who is there before something dangerous; what was begun goes on by itself afterwards. */
export function StepUpDialog() {
  const { stepUp } = useApp()
  const { href } = useLocation()
  const ways = useWays()
  const isBySignIn = ways?.length === 0
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && stepUp.settle(false)}
      title={accountText('confirmTitle')}
      hint={accountText(isBySignIn ? 'confirmBySignIn' : 'confirmHint')}
    >
      {isBySignIn ? (
        <Link
          to="/sign-in"
          search={{ next: href }}
          onClick={() => stepUp.settle(false)}
          className={buttonClass('primary')}
        >
          {common('signIn')}
        </Link>
      ) : (
        ways && <Proofs ways={ways} />
      )}
    </Dialog>
  )
}

/** What this account can be proved by; undefined until that is known. A password counts without a second factor only. */
function useWays(): Way[] | undefined {
  const account = useAccount()
  const factors = useApi('get /api/account/second-factor')
  if (factors.isPending) return undefined
  const { isOn = false, isPasswordEnough = true, backupCodesLeft = 0 } = factors.data ?? {}
  const hasPassword = account?.hasPassword ?? true
  const hasPasskey = canUsePasskeys() && (factors.data?.passkeys.length ?? 0) > 0
  return [
    ...(hasPassword && isPasswordEnough ? (['password'] as const) : []),
    ...(isOn ? (['totp'] as const) : []),
    ...(hasPasskey ? (['passkey'] as const) : []),
    ...(backupCodesLeft > 0 ? (['backup_code'] as const) : []),
  ]
}

function Proofs({ ways }: { ways: Way[] }) {
  const { api, stepUp } = useApp()
  const [chosen, setChosen] = useState<Way>()
  const way = chosen ?? ways[0] ?? 'password'
  const confirm = useMutation({
    mutationFn: async (proof: Proof) => {
      if (proof.method === 'password')
        return await api.request('post /api/account/confirm', { body: { password: proof.password } })
      if (proof.method !== 'passkey')
        return await api.request('post /api/account/confirm/code', { body: { proof } })
      const response = await askPasskey(await api.request('post /api/account/confirm/passkey-options'))
      return await api.request('post /api/account/confirm/passkey', { body: { response } })
    },
    onSuccess: () => stepUp.settle(true),
  })
  const error = confirm.error && confirmErrorText(confirm.error)
  const choose = (other: Way) => {
    confirm.reset()
    setChosen(other)
  }
  return (
    <div className="flex flex-col gap-4">
      {way === 'totp' || way === 'backup_code' ? (
        <ProofForm
          method={way}
          submit={security('continue')}
          isBusy={confirm.isPending}
          error={error || undefined}
          onProof={(proof) => confirm.mutate(proof)}
        />
      ) : (
        error && <FormError>{error}</FormError>
      )}
      {way === 'password' && (
        <PasswordForm
          isBusy={confirm.isPending}
          onPassword={(password) => confirm.mutate({ method: 'password', password })}
        />
      )}
      {way === 'passkey' && (
        <Button
          look="primary"
          size="lg"
          isBusy={confirm.isPending}
          onClick={() => confirm.mutate({ method: 'passkey' })}
        >
          {security('usePasskey')}
        </Button>
      )}
      <div className="flex flex-col items-start gap-3 empty:hidden">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <button key={other} type="button" className={textLinkClass} onClick={() => choose(other)}>
              {security(WAYS[other])}
            </button>
          ))}
      </div>
    </div>
  )
}

function PasswordForm({ isBusy, onPassword }: { isBusy: boolean; onPassword: (password: string) => void }) {
  const { stepUp } = useApp()
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get('password'))
    setProblem(password ? undefined : accountText('passwordMissing'))
    if (password) onPassword(password)
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
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
        <Button type="submit" look="primary" isBusy={isBusy}>
          {accountText('confirm')}
        </Button>
      </div>
    </form>
  )
}

const confirmErrorText = (error: unknown) =>
  error instanceof CallError ? errorText(error) : security('passkeyFailed')
