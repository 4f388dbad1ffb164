import { useState } from 'react'
import { type Response, useApi } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact } from '../../format/time.ts'
import { adminText } from '../../text/admin.ts'
import { upgradeText } from '../../text/standing.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { ListSkeleton } from './paged-list.tsx'
import { type Act, ReasonDialog } from './reason-dialog.tsx'
import { useActs } from './use-acts.tsx'

type Request = Response<'get /api/admin/upgrades'>['requests'][number]

/** What accounts asked to become and nobody decided yet. */
export function RequestsPage() {
  useTitle(adminText('requests'))
  const { data, error, refetch } = useApi('get /api/admin/upgrades')
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data) return <ListSkeleton />
  if (data.requests.length === 0)
    return <Notice title={adminText('requestsEmpty')} hint={adminText('requestsEmptyHint')} />
  return (
    <>
      <h1 className="sr-only">{adminText('requests')}</h1>
      <ul className="divide-y divide-line">
        {data.requests.map((request) => (
          <RequestRow key={`${request.account.id} ${request.kind}`} request={request} />
        ))}
      </ul>
    </>
  )
}

function RequestRow({ request: { account, kind, note, askedAt } }: { request: Request }) {
  // Whoever decides about requests sees none of the account's role here, and changes none.
  const { decide } = useActs({ ...account, role: 'member' }, false)
  const [act, setAct] = useState<Act>()
  return (
    <li className="flex flex-wrap items-center gap-3 py-4">
      <Avatar picture={account.avatar} handle={account.handle} name={account.displayName} />
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-semibold wrap-anywhere">
          {account.displayName} <span className="font-normal text-text-3">@{account.handle}</span>
        </p>
        <p className="text-sm text-text-2">
          {adminText('asks', { kind: upgradeText(kind) })} · {formatExact(askedAt)}
        </p>
        {note && <p className="mt-1 wrap-anywhere">{note}</p>}
      </div>
      <div className="flex gap-2 max-sm:w-full max-sm:justify-end">
        <Button size="sm" onClick={() => setAct(decide(kind, 'granted'))}>
          {adminText('grant')}
        </Button>
        <Button size="sm" look="danger" onClick={() => setAct(decide(kind, 'refused'))}>
          {adminText('refuse')}
        </Button>
      </div>
      <ReasonDialog act={act} onClose={() => setAct(undefined)} />
    </li>
  )
}
