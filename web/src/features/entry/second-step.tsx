import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import type { Account } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { security } from '../../text/security.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { AuthFrame, textLinkClass } from '../account/auth-frame.tsx'
import type { HeldStep, StepMethod } from './held-step.ts'
import { type CodeProof, ProofForm } from './proof-form.tsx'
import { askPasskey, canUsePasskeys } from './webauthn.ts'

const WAYS = {
  totp: { hint: 'stepApp', choose: 'useApp' },
  backup_code: { hint: 'stepBackup', choose: 'useBackup' },
  passkey: { hint: 'stepPasskey', choose: 'usePasskey' },
} as const

type StepProps = { step: HeldStep; onSignedIn: (account: Account) => void; onRestart: () => void }

/** The second step of a sign-in, with whichever of the account's second factors is at hand. */
export function SecondStep({ step, onSignedIn, onRestart }: StepProps) {
  useTitle(security('stepTitle'))
  const { api } = useApp()
  const { ticket } = step
  const methods = step.methods.filter((method) => method !== 'passkey' || canUsePasskeys())
  const [method, setMethod] = useState<StepMethod>(methods[0] ?? 'totp')
  const finish = useMutation({
    mutationFn: async (proof: CodeProof | 'passkey') => {
      if (proof !== 'passkey')
        return await api.request('post /api/auth/second-factor', { body: { ticket, proof } })
      const asked = await api.request('post /api/auth/second-factor/passkey-options', { body: { ticket } })
      const response = await askPasskey(asked)
      return await api.request('post /api/auth/second-factor/passkey', { body: { ticket, response } })
    },
    onSuccess: ({ account }) => onSignedIn(account),
  })
  const error = finish.error && stepErrorText(finish.error)
  const isOver = finish.error instanceof CallError && finish.error.code === 'expired'
  const choose = (chosen: StepMethod) => {
    finish.reset()
    setMethod(chosen)
  }
  return (
    <AuthFrame title={security('stepTitle')} hint={security(WAYS[method].hint)}>
      {method === 'passkey' ? (
        <>
          {error && <FormError>{error}</FormError>}
          <Button look="primary" size="lg" isBusy={finish.isPending} onClick={() => finish.mutate('passkey')}>
            {security('usePasskey')}
          </Button>
        </>
      ) : (
        <ProofForm
          method={method}
          submit={security('continue')}
          isBusy={finish.isPending}
          error={error || undefined}
          onProof={(proof) => finish.mutate(proof)}
        />
      )}
      <div className="flex flex-col items-start gap-3">
        {!isOver &&
          methods
            .filter((other) => other !== method)
            .map((other) => (
              <button key={other} type="button" className={textLinkClass} onClick={() => choose(other)}>
                {security(WAYS[other].choose)}
              </button>
            ))}
        <button type="button" className={textLinkClass} onClick={onRestart}>
          {security('startOver')}
        </button>
      </div>
    </AuthFrame>
  )
}

function stepErrorText(error: unknown): string {
  if (!(error instanceof CallError)) return security('passkeyFailed')
  return error.code === 'expired' ? security('stepExpired') : errorText(error)
}
