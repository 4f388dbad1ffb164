import { useQueryClient } from '@tanstack/react-query'
import { CircleHelp, type LucideIcon, Monitor, Smartphone, Tablet, Tv } from 'lucide-react'
import { errorText } from '../../data/error-text.ts'
import { type Response, useApi, useApiChange } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { settingsText } from '../../text/settings.ts'
import { Button } from '../../ui/button.tsx'
import { TimeAgo } from '../../ui/inline/time-ago.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { Section } from './frame.tsx'

type Session = Response<'get /api/account/sessions'>['sessions'][number]
const SESSIONS = 'get /api/account/sessions'
/** "2 minutes ago" need not be exact. */
const CLOCK_MS = 60_000

export function SessionsSettings() {
  useTitle(settingsText('sessions'))
  const { data, error, refetch } = useApi(SESSIONS)
  return (
    <Section title={settingsText('sessions')} hint={settingsText('sessionsHint')}>
      {error && !data ? (
        <LoadError error={error} title={settingsText('sessionsFailed')} onRetry={() => void refetch()} />
      ) : data ? (
        <SessionList sessions={data.sessions} />
      ) : (
        <ListSkeleton />
      )}
    </Section>
  )
}

function SessionList({ sessions }: { sessions: Session[] }) {
  const nowMs = useNow(CLOCK_MS)
  const own = sessions.filter(({ isCurrent }) => isCurrent)
  const others = sessions.filter(({ isCurrent }) => !isCurrent)
  return (
    <>
      <ul className="-mt-3 flex flex-col divide-y divide-line">
        {[...own, ...others].map((session) => (
          <SessionRow key={session.id} session={session} nowMs={nowMs} />
        ))}
      </ul>
      {others.length > 0 && <EndOthers />}
    </>
  )
}

const ICONS: Record<Session['device'], LucideIcon> = {
  computer: Monitor,
  phone: Smartphone,
  tablet: Tablet,
  tv: Tv,
  unknown: CircleHelp,
}

const nameOf = ({ browser, system }: Session): string =>
  browser && system
    ? settingsText('deviceName', { browser, system })
    : (browser ?? system ?? settingsText('unknownDevice'))

function SessionRow({ session, nowMs }: { session: Session; nowMs: number }) {
  const Icon = ICONS[session.device]
  return (
    <li className="flex items-center gap-4 py-3">
      <Icon aria-hidden size={22} className="shrink-0 text-text-3" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{nameOf(session)}</p>
        <p className="text-text-3">
          {settingsText('lastUsed')} <TimeAgo atMs={session.lastUsedAt} nowMs={nowMs} />
          {session.network && ` · ${session.network}`} · {settingsText('signedIn')}{' '}
          <TimeAgo atMs={session.createdAt} nowMs={nowMs} />
          {!session.isLasting && ` · ${settingsText('brief')}`}
        </p>
      </div>
      {session.isCurrent ? (
        <span className="shrink-0 text-sm font-semibold text-accent">{settingsText('thisDevice')}</span>
      ) : (
        <EndOne session={session} />
      )}
    </li>
  )
}

/** What ended is gone from the list; shown by reading it anew. */
function useEnded() {
  const queryClient = useQueryClient()
  const toast = useToast()
  const reload = () => void queryClient.invalidateQueries({ queryKey: [SESSIONS] })
  return {
    ended: (title: string) => {
      reload()
      toast({ title })
    },
    failed: (error: unknown) => {
      reload()
      toast({ title: errorText(error), tone: 'danger' as const })
    },
  }
}

function EndOne({ session }: { session: Session }) {
  const end = useApiChange('delete /api/account/sessions/{id}')
  const { ended, failed } = useEnded()
  return (
    <Button
      size="sm"
      isBusy={end.isPending}
      aria-label={settingsText('endSessionOf', { device: nameOf(session) })}
      onClick={() =>
        end.mutate(
          { params: { id: session.id } },
          { onSuccess: () => ended(settingsText('endedOne')), onError: failed },
        )
      }
    >
      {settingsText('endSession')}
    </Button>
  )
}

function EndOthers() {
  const end = useApiChange('delete /api/account/sessions')
  const { ended, failed } = useEnded()
  const onSuccess = ({ ended: count }: Response<'delete /api/account/sessions'>) =>
    ended(settingsText('endedOthers', { count }))
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
      <p className="min-w-0 flex-1 basis-56 text-text-2">{settingsText('endOthersHint')}</p>
      <Button
        look="danger"
        isBusy={end.isPending}
        onClick={() => end.mutate({}, { onSuccess, onError: failed })}
      >
        {settingsText('endOthers')}
      </Button>
    </div>
  )
}

function ListSkeleton() {
  return (
    <div className="flex flex-col">
      <LoadingNote />
      {['a', 'b'].map((name) => (
        <div key={name} className="flex items-center gap-4 py-3">
          <Skeleton className="size-6" />
          <div className="flex-1">
            <Skeleton className="h-4 w-40" />
            <Skeleton className="mt-2 h-4 w-64 max-w-full" />
          </div>
        </div>
      ))}
    </div>
  )
}
