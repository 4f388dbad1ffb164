import { useMutation } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { CallError } from '../../../../client/types.ts'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useApi } from '../../data/use-api.ts'
import { common } from '../../text/common.ts'
import { security } from '../../text/security.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { CodeForm, type CodeProof } from '../entry/code-form.tsx'
import { askPasskey, canUsePasskeys } from '../entry/webauthn.ts'

type Props = { onConfirmed: () => void; onClose: () => void }

/** Asks the person to prove once more who they are: by a code, a passkey, or by signing in again. */
export function ConfirmIdentity({ onConfirmed, onClose }: Props) {
  const { api } = useApp()
  const { href } = useLocation()
  const factors = useApi('get /api/account/second-factor').data
  const confirm = useMutation({
    mutationFn: async (proof: CodeProof | 'passkey') => {
      if (proof !== 'passkey') return await api.request('post /api/account/confirm/code', { body: { proof } })
      const response = await askPasskey(await api.request('post /api/account/confirm/passkey-options'))
      return await api.request('post /api/account/confirm/passkey', { body: { response } })
    },
    onSuccess: onConfirmed,
  })
  const error = confirm.error && confirmErrorText(confirm.error)
  const hasPasskey = canUsePasskeys() && (factors?.passkeys.length ?? 0) > 0
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={security('confirmTitle')}
      hint={security('confirmHint')}
    >
      <div className="flex flex-col gap-4">
        {factors?.isOn ? (
          <CodeForm
            method="totp"
            submit={security('continue')}
            isBusy={confirm.isPending}
            error={error || undefined}
            onProof={(proof) => confirm.mutate(proof)}
          />
        ) : (
          error && <FormError>{error}</FormError>
        )}
        {hasPasskey && (
          <Button size="lg" disabled={confirm.isPending} onClick={() => confirm.mutate('passkey')}>
            {security('usePasskey')}
          </Button>
        )}
        {factors && !factors.isOn && (
          <>
            <p className="text-text-2">{security('confirmSignIn')}</p>
            <Link to="/sign-in" search={{ next: href }} className={buttonClass('quiet', 'lg')}>
              {common('signIn')}
            </Link>
          </>
        )}
      </div>
    </Dialog>
  )
}

const confirmErrorText = (error: unknown) =>
  error instanceof CallError ? errorText(error) : security('passkeyFailed')
