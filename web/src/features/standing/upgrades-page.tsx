import { type FormEvent, useId } from 'react'
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

type Upgrade = Response<'get /api/account/standing'>['upgrades'][number]

const HINTS = { creator: 'creatorHint', advertiser: 'advertiserHint' } as const
const NOTE_MAX = 500

/** The part of the settings about what one's account can be beside a member, and asking for it. */
export function UpgradesPage() {
  useTitle(upgradeText('title'))
  const { data, error, refetch } = useApi('get /api/account/standing')
  const has = (kind: Upgrade['kind']) => data?.upgrades.find((upgrade) => upgrade.kind === kind)
  return (
    <section>
      <h2 className="text-base font-semibold">{upgradeText('title')}</h2>
      <p className="mt-2 mb-6 text-pretty text-text-2">{upgradeText('hint')}</p>
      {data ? (
        <div className="flex flex-col gap-4">
          <UpgradeCard kind="creator" upgrade={has('creator')} />
          <UpgradeCard kind="advertiser" upgrade={has('advertiser')} />
        </div>
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="flex flex-col gap-4">
          <LoadingNote />
          <Skeleton className="h-36" />
          <Skeleton className="h-48" />
        </div>
      )}
    </section>
  )
}

function UpgradeCard({ kind, upgrade }: { kind: Upgrade['kind']; upgrade: Upgrade | undefined }) {
  const titleId = useId()
  return (
    <section aria-labelledby={titleId} className="rounded-md border border-line bg-surface-1 p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 id={titleId} className="flex-1 text-base font-semibold">
          {upgradeText(kind)}
        </h3>
        {upgrade && <p className="font-medium text-text-2">{upgradeText(upgrade.state)}</p>}
      </div>
      <p className="mt-1 text-pretty text-text-2">{upgradeText(HINTS[kind])}</p>
      {(!upgrade || upgrade.state === 'refused') && <AskForm kind={kind} />}
    </section>
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
    <form noValidate onSubmit={submit} className="mt-4 flex flex-col items-start gap-4">
      {ask.error && <FormError>{errorText(ask.error)}</FormError>}
      {kind === 'advertiser' && (
        <div className="w-full">
          <Field label={upgradeText('note')} name="note" maxLength={NOTE_MAX} autoComplete="off" />
        </div>
      )}
      <Button type="submit" look="primary" isBusy={ask.isPending}>
        {upgradeText(kind === 'creator' ? 'ask' : 'request')}
      </Button>
    </form>
  )
}
