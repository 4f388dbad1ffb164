import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useApp } from '../../../../data/app.tsx'
import { apiQuery, type Response } from '../../../../data/use-api.ts'
import { useTopic } from '../../../../data/use-topic.ts'
import { formatCount, formatShare } from '../../../../format/number.ts'
import { formatLength } from '../../../../format/time.ts'
import { audienceText } from '../../../../text/audience.ts'
import { LoadError } from '../../../../ui/notice.tsx'
import { Skeleton } from '../../../../ui/skeleton.tsx'
import { allDays, averageWatchMs, formatDay, keptAtHalf } from './numbers.ts'

const LineChart = lazy(() => import('./line-chart.tsx').then((it) => ({ default: it.LineChart })))

type Analytics = Response<'get /api/videos/{videoId}/analytics'>['analytics']

/** The views are pushed; everything else is counted in the minute. */
const REFRESH_MS = 60_000

/** Who watches a video, how long, and where they stop. */
export function AudiencePanel({ videoId, durationMs }: { videoId: string; durationMs: number | undefined }) {
  const { api } = useApp()
  const query = useQuery({
    ...apiQuery(api, 'get /api/videos/{videoId}/analytics', { params: { videoId } }),
    refetchInterval: REFRESH_MS,
  })
  const [pushed, setPushed] = useState<number>()
  const hear = (items: readonly { views: number }[]) => setPushed(items.at(-1)?.views)
  useTopic(`counters:video:${videoId}`, { onItems: hear, onStart: hear })
  const analytics = query.data?.analytics
  if (query.error && !analytics)
    return (
      <LoadError error={query.error} title={audienceText('failed')} onRetry={() => void query.refetch()} />
    )
  if (!analytics) return <Skeleton className="h-64 w-full" />
  const views = Math.max(pushed ?? 0, analytics.views)
  return (
    <div className="flex flex-col gap-8">
      <dl className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <Figure name={audienceText('views')} value={formatCount(views)} exact={String(views)} />
        <Figure name={audienceText('watchTime')} value={formatLength(analytics.watchMs)} />
        <Figure
          name={audienceText('average')}
          value={formatLength(averageWatchMs({ ...analytics, views }))}
        />
      </dl>
      {views === 0 && analytics.days.length === 0 ? (
        <p className="text-text-2">{audienceText('empty')}</p>
      ) : (
        <>
          <Days days={analytics.days} />
          <Retention retention={analytics.retention} durationMs={durationMs ?? 0} />
        </>
      )}
    </div>
  )
}

const Figure = ({ name, value, exact }: { name: string; value: string; exact?: string }) => (
  <div className="rounded-lg bg-surface-2 px-4 py-3">
    <dt className="text-sm text-text-3">{name}</dt>
    <dd className="text-xl font-bold tabular-nums" title={exact}>
      {value}
    </dd>
  </div>
)

function Days({ days }: { days: Analytics['days'] }) {
  const filled = useMemo(() => allDays(days), [days])
  const xs = useMemo(() => filled.map((_, nth) => nth), [filled])
  const ys = useMemo(() => filled.map(({ views }) => views), [filled])
  return (
    <Section title={audienceText('days')}>
      <Chart>
        <LineChart
          {...{ xs, ys, label: audienceText('views') }}
          formatX={(nth) => formatDay(filled[nth]?.day)}
          formatY={formatCount}
        />
      </Chart>
      <details className="mt-2">
        <summary className="cursor-pointer py-2 text-sm font-semibold text-text-2">
          {audienceText('table')}
        </summary>
        <table className="w-full text-sm tabular-nums">
          <thead className="text-left text-text-3">
            <tr>
              {(['day', 'views', 'viewers', 'watchTime'] as const).map((name) => (
                <th key={name} scope="col" className="py-1 font-semibold">
                  {audienceText(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, views, viewers, watchMs }) => (
              <tr key={day} className="border-t border-line">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {formatDay(day)}
                </th>
                <td>{views}</td>
                <td>{viewers}</td>
                <td>{formatLength(watchMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  )
}

function Retention({ retention, durationMs }: { retention: Analytics['retention']; durationMs: number }) {
  const shares = retention?.shares
  const xs = useMemo(() => shares?.map((_, nth) => nth) ?? [], [shares])
  if (!retention || !shares)
    return (
      <Section title={audienceText('retention')}>
        <p className="text-text-2">{audienceText('retentionLater')}</p>
      </Section>
    )
  return (
    <Section title={audienceText('retention')}>
      <p className="mb-3 text-text-2">
        {audienceText('retentionHalf', { share: formatShare(keptAtHalf(shares)), count: retention.sessions })}
      </p>
      <Chart>
        <LineChart
          {...{ xs, ys: shares, label: audienceText('watching'), maxY: 1 }}
          formatX={(nth) => formatLength((durationMs * nth) / shares.length)}
          formatY={formatShare}
        />
      </Chart>
    </Section>
  )
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h2 className="mb-3 text-lg font-bold">{title}</h2>
    {children}
  </section>
)

const Chart = ({ children }: { children: ReactNode }) => (
  <Suspense fallback={<Skeleton className="h-55 w-full" />}>{children}</Suspense>
)
