import { type FormEvent, useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import type { Response } from '../../../data/use-api.ts'
import { useNow } from '../../../data/use-now.ts'
import { common } from '../../../text/common.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError } from '../../../ui/field.tsx'
import { TimeAgo } from '../../../ui/inline/time-ago.tsx'
import { Confirm } from '../../../ui/overlay/confirm.tsx'
import { useGuarded } from './use-guarded.ts'

type Passkey = Response<'get /api/account/second-factor'>['passkeys'][number]
type RowProps = { passkey: Passkey; onChange: () => Promise<void> }

export function PasskeyRow({ passkey, onChange }: RowProps) {
  const { api } = useApp()
  const guarded = useGuarded()
  const [isNaming, setIsNaming] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const { id, name } = passkey
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const wanted = String(new FormData(event.currentTarget).get('name')).trim()
    guarded.run(async () => {
      if (wanted && wanted !== name)
        await api.request('patch /api/account/passkeys/{id}', { params: { id }, body: { name: wanted } })
      setIsNaming(false)
      await onChange()
    })
  }
  const remove = () =>
    guarded.run(async () => {
      await api.request('delete /api/account/passkeys/{id}', { params: { id } })
      await onChange()
    })
  return (
    <li className="flex flex-col gap-3 py-3">
      {guarded.error && <FormError>{guarded.error}</FormError>}
      {isNaming ? (
        <form onSubmit={rename} className="flex flex-wrap items-end gap-2">
          <div className="min-w-48 flex-1">
            <Field label={security('passkeyName')} name="name" defaultValue={name} maxLength={50} />
          </div>
          <Button type="submit" look="primary" isBusy={guarded.isBusy} className="h-11">
            {security('save')}
          </Button>
          <Button look="ghost" className="h-11" onClick={() => setIsNaming(false)}>
            {common('cancel')}
          </Button>
        </form>
      ) : (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <div className="min-w-40 flex-1">
            <p className="font-semibold break-words">{name}</p>
            <Facts passkey={passkey} />
          </div>
          <div className="flex gap-1">
            <Button
              size="sm"
              look="ghost"
              aria-label={security('renameOf', { name })}
              onClick={() => setIsNaming(true)}
            >
              {security('rename')}
            </Button>
            <Button
              size="sm"
              look="danger"
              aria-label={security('removeOf', { name })}
              isBusy={guarded.isBusy}
              onClick={() => setIsAsked(true)}
            >
              {security('remove')}
            </Button>
          </div>
        </div>
      )}
      <Confirm
        isOpen={isAsked}
        title={security('removeTitle', { name })}
        hint={security('removeHint')}
        confirm={security('remove')}
        keep={security('keep')}
        onConfirm={remove}
        onClose={() => setIsAsked(false)}
      />
    </li>
  )
}

function Facts({ passkey: { isSynced, createdAt, lastUsedAt } }: { passkey: Passkey }) {
  const nowMs = useNow()
  return (
    <p className="text-text-2">
      {security(isSynced ? 'synced' : 'onDevice')} · {security('added')}{' '}
      <TimeAgo atMs={createdAt} nowMs={nowMs} /> ·{' '}
      {lastUsedAt === null ? (
        security('neverUsed')
      ) : (
        <>
          {security('lastUsed')} <TimeAgo atMs={lastUsedAt} nowMs={nowMs} />
        </>
      )}
    </p>
  )
}
