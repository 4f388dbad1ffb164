import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { apiQuery, type Response, useApi } from '../../../data/use-api.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { FormError } from '../../../ui/field.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { Confirm } from '../../../ui/overlay/confirm.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { Section } from '../frame.tsx'
import { SubPage } from './sub-page.tsx'
import { useGuarded } from './use-guarded.ts'

type Provider = Response<'get /api/auth/oauth'>['providers'][number]
type Connected = Response<'get /api/account/oauth'>['accounts'][number]

/** Accounts elsewhere that open this one. */
export function ConnectedPage() {
  const providers = useApi('get /api/auth/oauth')
  const connected = useApi('get /api/account/oauth')
  const error = providers.error ?? connected.error
  return (
    <SubPage title={security('connectedAccounts')}>
      <Section title={security('connectedAccounts')} hint={security('connectedHint')}>
        {providers.data && connected.data ? (
          providers.data.providers.length === 0 ? (
            <p className="text-text-2">{security('noProviders')}</p>
          ) : (
            <ul className="-my-3 divide-y divide-line">
              {providers.data.providers.map((provider) => (
                <ProviderRow
                  key={provider.id}
                  provider={provider}
                  connected={connected.data.accounts.find((one) => one.provider === provider.id)}
                />
              ))}
            </ul>
          )
        ) : error ? (
          <LoadError
            error={error}
            onRetry={() => {
              void providers.refetch()
              void connected.refetch()
            }}
          />
        ) : (
          <>
            <LoadingNote />
            <Skeleton className="h-5 w-40" />
          </>
        )}
      </Section>
    </SubPage>
  )
}

function ProviderRow({ provider, connected }: { provider: Provider; connected: Connected | undefined }) {
  const { api } = useApp()
  const cache = useQueryClient()
  const guarded = useGuarded()
  const [isAsked, setIsAsked] = useState(false)
  const { name } = provider
  const params = { provider: provider.id }
  const connect = () =>
    guarded.run(async () => {
      const { url } = await api.request('post /api/account/oauth/{provider}/start', { params })
      location.assign(url)
    })
  const disconnect = () =>
    guarded.run(async () => {
      await api.request('delete /api/account/oauth/{provider}', { params })
      await cache.invalidateQueries(apiQuery(api, 'get /api/account/oauth'))
    })
  return (
    <li className="flex flex-col gap-3 py-3">
      {guarded.error && <FormError>{guarded.error}</FormError>}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-40 flex-1">
          <p className="font-semibold">{name}</p>
          <p className="break-words text-text-2">{connected ? connected.name : security('notConnected')}</p>
        </div>
        {connected ? (
          <Button
            size="sm"
            look="danger"
            aria-label={security('disconnectOf', { name })}
            isBusy={guarded.isBusy}
            onClick={() => setIsAsked(true)}
          >
            {security('disconnect')}
          </Button>
        ) : (
          <Button
            size="sm"
            aria-label={security('connectOf', { name })}
            isBusy={guarded.isBusy}
            onClick={connect}
          >
            {security('connect')}
          </Button>
        )}
      </div>
      <Confirm
        isOpen={isAsked}
        title={security('disconnectTitle', { name })}
        hint={security('disconnectHint')}
        confirm={security('disconnect')}
        keep={security('keep')}
        onConfirm={disconnect}
        onClose={() => setIsAsked(false)}
      />
    </li>
  )
}
