import type { FormEvent } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { apiQuery, type Response, useApi, useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { upgradeText } from '../../text/standing.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { Section } from '../settings/frame.tsx'

type Upgrade = Response<'get /api/account/standing'>['upgrades'][number]

const HINTS = { creator: 'creatorHint', advertiser: 'advertiserHint' } as const
const NOTE_MAX = 500

/** The part of the settings about what one's account can be beside a member, and asking for it. */
export function UpgradesPage() {
  useTitle(upgradeText('title'))
  const { data, error, refetch } = useApi('get /api/account/standing')
  const has = (kind: Upgrade['kind']) => data?.upgrades.find((upgrade) => upgrade.kind === kind)
  return (
    <>
      {data ? (
        <>
          <UpgradeSection kind="creator" upgrade={has('creator')} />
          <UpgradeSection kind="advertiser" upgrade={has('advertiser')} />
        </>
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <LoadingNote />
          <Skeleton className="h-36 rounded-md!" />
          <Skeleton className="h-52 rounded-md!" />
        </>
      )}
    </>
  )
}

function UpgradeSection({ kind, upgrade }: { kind: Upgrade['kind']; upgrade: Upgrade | undefined }) {
  return (
    <Section
      title={upgradeText(kind)}
      hint={upgradeText(HINTS[kind])}
      aside={upgrade && <p className="font-medium text-text-2">{upgradeText(upgrade.state)}</p>}
    >
      {(!upgrade || upgrade.state === 'refused') && <AskForm kind={kind} />}
    </Section>
  )
}

function AskForm({ kind }: { kind: Upgrade['kind'] }) {
  const { api, queryClient } = useApp()
  const ask = useApiChange('post /api/account/upgrades')
  const toast = useToast()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get('note') ?? '').trim()
    ask.mutate(
      { body: { kind, note } },
      {
        onSuccess: ({ upgrade }) => {
          toast({ title: upgradeText(upgrade.state === 'granted' ? 'grantedToast' : 'pendingToast') })
          void queryClient.invalidateQueries(apiQuery(api, 'get /api/account/standing'))
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col items-start gap-4">
      {ask.error && <FormError>{errorText(ask.error)}</FormError>}
      {kind === 'advertiser' && (
        <div className="w-full max-w-sm">
          <Field label={upgradeText('note')} name="note" maxLength={NOTE_MAX} autoComplete="off" />
        </div>
      )}
      <Button type="submit" look="primary" isBusy={ask.isPending}>
        {upgradeText(kind === 'creator' ? 'ask' : 'request')}
      </Button>
    </form>
  )
}
