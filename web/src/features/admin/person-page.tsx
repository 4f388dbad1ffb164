import { Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type Response, useApi } from '../../data/use-api.ts'
import { useAccount } from '../../data/use-session.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact } from '../../format/time.ts'
import { adminText } from '../../text/admin.ts'
import { upgradeText } from '../../text/standing.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { PersonHistory } from './audit/audit-list.tsx'
import { ListSkeleton } from './paged-list.tsx'
import { Marks } from './person-marks.tsx'
import { ReasonDialog } from './reason-dialog.tsx'
import { roleText } from './role-text.ts'
import { isShown } from './staff.ts'
import { useActs } from './use-acts.tsx'

type Found = Response<'get /api/admin/people/{accountId}'>

/** One account as staff sees it. */
export function PersonPage({ accountId }: { accountId: string }) {
  const { data, error, refetch } = useApi('get /api/admin/people/{accountId}', { params: { accountId } })
  useTitle(data?.person.displayName ?? adminText('people'))
  return (
    <>
      <Link
        to="/admin"
        className="mb-4 inline-flex items-center gap-2 rounded-sm text-text-2 hover:text-text-1"
      >
        <ArrowLeft aria-hidden size={18} />
        {adminText('back')}
      </Link>
      {data ? (
        <PersonView found={data} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <ListSkeleton />
      )}
    </>
  )
}

function PersonView({ found }: { found: Found }) {
  const { person } = found
  const isLogShown = isShown(useAccount(), 'audit:read')
  return (
    <div className="flex flex-col gap-4">
      <header className="flex items-center gap-4">
        <Avatar picture={person.avatar} handle={person.handle} name={person.displayName} size={56} />
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-lg font-bold">{person.displayName}</h1>
          <p className="wrap-anywhere text-text-2">
            <Link
              to="/@{$handle}"
              params={{ handle: person.handle }}
              title={adminText('channel')}
              className="underline underline-offset-2 hover:text-text-1"
            >
              @{person.handle}
            </Link>
            {person.mail && ` · ${person.mail}`}
          </p>
          <p className="text-sm text-text-3">{adminText('since', { when: formatExact(person.createdAt) })}</p>
        </div>
        <Marks person={person} />
      </header>
      <PersonActs found={found} />
      <Card title={adminText('history')}>
        <PersonHistory accountId={person.id} />
        {isLogShown && (
          <Link
            to="/admin/audit"
            search={{ actor: person.handle }}
            className="mt-2 inline-block text-sm underline underline-offset-2 hover:text-text-1"
          >
            {adminText('didInLog')}
          </Link>
        )}
      </Card>
    </div>
  )
}

function PersonActs({ found: { person, may } }: { found: Found }) {
  const acts = useActs(person, may.ban)
  const [chosen, setChosen] = useState<(now: typeof acts) => ReturnType<typeof acts.decide>>()
  const choose = (pick: NonNullable<typeof chosen>) => () => setChosen(() => pick)
  const isLiftable = person.sanction !== null && (person.sanction.kind === 'banned' ? may.ban : may.suspend)
  return (
    <>
      <Card title={adminText('standing')}>
        <p>{standingOf(person.sanction)}</p>
        {person.sanction && (
          <p className="mt-1 wrap-anywhere text-text-2">
            {adminText('reasonGiven', { reason: person.sanction.reason })}
          </p>
        )}
        {!may.suspend && !may.giveRole && <p className="mt-1 text-text-3">{adminText('mayNot')}</p>}
        <Buttons>
          {may.suspend && (
            <Button look="danger" onClick={choose(({ sanction }) => sanction)}>
              {adminText(person.sanction ? 'change' : may.ban ? 'suspend' : 'suspendOnly')}
            </Button>
          )}
          {isLiftable && <Button onClick={choose(({ lift }) => lift)}>{adminText('lift')}</Button>}
        </Buttons>
      </Card>
      <Card title={adminText('role')}>
        <p>
          {roleText(person.role)} – {adminText(ROLE_HINTS[person.role])}
        </p>
        <Buttons>
          {may.giveRole && (
            <Button onClick={choose(({ giveRole }) => giveRole)}>{adminText('roleChange')}</Button>
          )}
        </Buttons>
      </Card>
      <Card title={adminText('upgrades')}>
        {person.upgrades.length === 0 && <p className="text-text-2">{adminText('upgradesNone')}</p>}
        {person.upgrades.map(({ kind, state, note }) => (
          <div key={kind} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2">
            <p className="min-w-0 flex-1 wrap-anywhere">
              {upgradeText(kind)} – {upgradeText(state)}
              {note && <span className="block text-text-2">{note}</span>}
            </p>
            {may.decideUpgrade && state !== 'granted' && (
              <Button size="sm" onClick={choose(({ decide }) => decide(kind, 'granted'))}>
                {adminText('grant')}
              </Button>
            )}
            {may.decideUpgrade && state !== 'refused' && (
              <Button
                size="sm"
                look="danger"
                onClick={choose(({ decide }) => decide(kind, 'refused', state === 'granted'))}
              >
                {adminText(state === 'granted' ? 'withdraw' : 'refuse')}
              </Button>
            )}
          </div>
        ))}
      </Card>
      <ReasonDialog act={chosen?.(acts)} onClose={() => setChosen(undefined)} />
    </>
  )
}

const ROLE_HINTS = {
  member: 'roleHintMember',
  moderator: 'roleHintModerator',
  admin: 'roleHintAdmin',
} as const

function standingOf(sanction: Found['person']['sanction']): string {
  if (!sanction) return adminText('standingFree')
  if (sanction.kind === 'banned') return adminText('standingBanned')
  return sanction.until === null
    ? adminText('standingSuspendedForEver')
    : adminText('standingSuspended', { when: formatExact(sanction.until) })
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="rounded-md border border-line bg-surface-1 p-5">
      <h2 className="mb-2 text-base font-semibold">{title}</h2>
      {children}
    </section>
  )
}

const Buttons = ({ children }: { children: ReactNode }) => (
  <div className="mt-4 flex flex-wrap gap-2 empty:hidden">{children}</div>
)
