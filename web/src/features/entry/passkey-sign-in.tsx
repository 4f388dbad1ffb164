import { KeyRound } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { CallError } from '../../../../client/types.ts'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import type { Account } from '../../data/use-session.ts'
import { security } from '../../text/security.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { askPasskey, canAutofill, canUsePasskeys, stopAsking } from './webauthn.ts'

type PasskeySignInProps = { remember: boolean; onSignedIn: (account: Account) => void }

/** A button that signs in with a passkey; browsers that can also offer passkeys in the field of the mail address. */
export function PasskeySignIn({ remember, onSignedIn }: PasskeySignInProps) {
  const { api } = useApp()
  // What is offered in the field is asked for when the page opens; the box may change before somebody picks one.
  const wish = useRef(remember)
  wish.current = remember
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string>()

  const signIn = async (isAutofill: boolean) => {
    const response = await askPasskey(await api.request('post /api/auth/passkey-options'), isAutofill)
    const { account } = await api.request('post /api/auth/passkey', {
      body: { response, remember: wish.current },
    })
    onSignedIn(account)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the page opens.
  useEffect(() => {
    let isOpen = true
    const offer = async () => {
      if ((await canAutofill()) && isOpen) await signIn(true)
    }
    // Whoever picks nothing from the field signs in another way; only what the server says is worth telling.
    offer().catch((failure: unknown) => {
      if (isOpen && failure instanceof CallError && failure.code !== 'offline') setError(errorText(failure))
    })
    return () => {
      isOpen = false
      if (canUsePasskeys()) void stopAsking()
    }
  }, [])

  if (!canUsePasskeys()) return null
  const press = () => {
    setIsBusy(true)
    setError(undefined)
    signIn(false)
      .catch((failure: unknown) =>
        setError(failure instanceof CallError ? errorText(failure) : security('passkeyFailed')),
      )
      .finally(() => setIsBusy(false))
  }
  return (
    <>
      {error && <FormError>{error}</FormError>}
      <Button size="lg" icon={KeyRound} isBusy={isBusy} onClick={press}>
        {security('passkeySignIn')}
      </Button>
    </>
  )
}
