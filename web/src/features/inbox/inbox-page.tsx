import { Link } from '@tanstack/react-router'
import { ArrowLeft, Inbox } from 'lucide-react'
import { CallError } from '../../../../client/types.ts'
import { useApi } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact, formatRelative } from '../../format/time.ts'
import { settingsText } from '../../text/settings.ts'
import { shell } from '../../text/shell.ts'
import { cx } from '../../ui/cx.ts'
import { LoadError, Notice } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { type Mail, MailView } from './mail-view.tsx'
import { TextList } from './text-list.tsx'

/** The newest mails of a server without mail service: the list, and beside it the one that is read. */
export function InboxPage({ mailId }: { mailId: string | undefined }) {
  useTitle(shell('inbox'))
  const { data, error, refetch } = useApi('get /api/dev/inbox')
  if (error instanceof CallError && error.code === 'not_found')
    return (
      <Notice
        className="pt-[14vh]"
        art={<Inbox aria-hidden size={48} className="text-text-3" />}
        title={settingsText('inboxMissing')}
        hint={settingsText('inboxMissingHint')}
      />
    )
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  const chosen = data?.mails.find((mail) => mail.id === mailId)
  // On a phone the mail takes the place of the list, already while it is being loaded.
  const isReading = chosen !== undefined || (!data && mailId !== undefined)
  return (
    <div className="mx-auto max-w-6xl px-4 pt-4 pb-10 md:px-6">
      <h1 className={cx('text-xl font-bold', isReading && 'max-lg:sr-only')}>{settingsText('inboxTitle')}</h1>
      <p className={cx('mt-1 mb-5 text-text-2', isReading && 'max-lg:hidden')}>{settingsText('inboxHint')}</p>
      <div className="grid gap-6 lg:grid-cols-[340px_1fr]">
        <div className={cx(isReading && 'max-lg:hidden')}>
          {data && data.texts.length > 0 && <TextList texts={data.texts} />}
          {data ? <MailList mails={data.mails} chosenId={mailId} /> : <MailListSkeleton />}
        </div>
        {chosen ? (
          <div className="min-w-0">
            <Link to="/inbox" className="mb-3 inline-flex h-10 items-center gap-2 text-text-2 lg:hidden">
              <ArrowLeft aria-hidden size={18} />
              {settingsText('inboxBack')}
            </Link>
            <MailView mail={chosen} />
          </div>
        ) : (
          data &&
          data.mails.length > 0 && (
            <p className="rounded-md border border-dashed border-line p-16 text-center text-text-3 max-lg:hidden">
              {settingsText('inboxPick')}
            </p>
          )
        )}
      </div>
    </div>
  )
}

function MailList({ mails, chosenId }: { mails: Mail[]; chosenId: string | undefined }) {
  const nowMs = useNow(60_000)
  if (mails.length === 0)
    return <Notice level={2} title={settingsText('inboxEmpty')} hint={settingsText('inboxEmptyHint')} />
  return (
    <ul className="flex flex-col gap-1">
      {mails.map((mail) => (
        <li key={mail.id}>
          <Link
            to="/inbox"
            search={{ mail: mail.id }}
            aria-current={mail.id === chosenId || undefined}
            activeProps={{}}
            className="block rounded-md px-4 py-3 hover:bg-surface-2 aria-[current=true]:bg-surface-2"
          >
            <span className="flex items-baseline justify-between gap-3">
              <span className="truncate font-semibold">{mail.subject}</span>
              <time title={formatExact(mail.sentAt)} className="shrink-0 text-xs text-text-3">
                {formatRelative(mail.sentAt, nowMs)}
              </time>
            </span>
            <span className="block truncate text-text-3">
              {settingsText('inboxTo', { address: mail.to })}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function MailListSkeleton() {
  return (
    <div className="flex flex-col gap-1">
      <LoadingNote />
      {['a', 'b', 'c', 'd'].map((name) => (
        <div key={name} className="px-4 py-3">
          <Skeleton className="h-4 w-3/4" />
          <Skeleton className="mt-2 h-3.5 w-1/2" />
        </div>
      ))}
    </div>
  )
}
