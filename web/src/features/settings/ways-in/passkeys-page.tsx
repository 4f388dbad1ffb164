import { useQueryClient } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { CallError } from '../../../../../client/types.ts'
import { useApp } from '../../../data/app.tsx'
import { errorText } from '../../../data/error-text.ts'
import { apiQuery, useApi } from '../../../data/use-api.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../../ui/field.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { canUsePasskeys, isMadeAlready, makePasskey } from '../../entry/webauthn.ts'
import { Section } from '../frame.tsx'
import { PasskeyRow } from './passkey-row.tsx'
import { SubPage } from './sub-page.tsx'
import { useGuarded } from './use-guarded.ts'

/** The passkeys of the account: add, rename, remove. */
export function PasskeysPage() {
  const { api } = useApp()
  const cache = useQueryClient()
  const state = useApi('get /api/account/second-factor')
  const reload = () => cache.invalidateQueries(apiQuery(api, 'get /api/account/second-factor'))
  const passkeys = state.data?.passkeys
  return (
    <SubPage title={security('passkeys')}>
      <Section title={security('passkeys')} hint={security('passkeysHint')}>
        {passkeys === undefined ? (
          state.error ? (
            <LoadError error={state.error} onRetry={() => void state.refetch()} />
          ) : (
            <>
              <LoadingNote />
              <Skeleton className="h-5 w-40" />
              <Skeleton className="mt-2 h-4 w-56" />
            </>
          )
        ) : passkeys.length === 0 ? (
          <p className="flex items-center gap-3 text-text-2">
            <KeyRound aria-hidden size={20} className="text-text-3" />
            {security('passkeysNone')}
          </p>
        ) : (
          <ul className="-my-3 divide-y divide-line">
            {passkeys.map((passkey) => (
              <PasskeyRow key={passkey.id} passkey={passkey} onChange={reload} />
            ))}
          </ul>
        )}
      </Section>
      {canUsePasskeys() ? (
        <AddPasskey onAdded={reload} />
      ) : (
        <p className="text-text-2">{security('passkeyNeedsName')}</p>
      )}
    </SubPage>
  )
}

function AddPasskey({ onAdded }: { onAdded: () => Promise<void> }) {
  const { api } = useApp()
  const toast = useToast()
  const guarded = useGuarded(explain)
  const [problem, setProblem] = useState<string>()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    setProblem(name ? undefined : security('passkeyNameRule'))
    if (!name) return focusFirstProblem(event.currentTarget)
    guarded.run(async () => {
      const response = await makePasskey(await api.request('post /api/account/passkey-options'))
      await api.request('post /api/account/passkeys', { body: { name, response } })
      toast({ title: security('passkeyAdded') })
      await onAdded()
    })
  }
  return (
    <Section title={security('addPasskey')}>
      <form noValidate onSubmit={submit} className="flex max-w-sm flex-col gap-4">
        {guarded.error && <FormError>{guarded.error}</FormError>}
        <Field
          label={security('passkeyName')}
          hint={security('passkeyNameHint')}
          name="name"
          defaultValue={security('passkeySuggestion')}
          maxLength={50}
          error={problem}
        />
        <Button type="submit" look="primary" isBusy={guarded.isBusy} className="self-start">
          {security('addPasskey')}
        </Button>
      </form>
    </Section>
  )
}

function explain(error: unknown): string {
  if (error instanceof CallError) return errorText(error)
  return security(isMadeAlready(error) ? 'passkeyThere' : 'passkeyNotMade')
}
