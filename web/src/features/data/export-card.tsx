import { Archive, Download } from 'lucide-react'
import { useApp } from '../../data/app.tsx'
import { apiQuery, type Response } from '../../data/use-api.ts'
import { formatSize } from '../../format/number.ts'
import { formatExact } from '../../format/time.ts'
import { dataText } from '../../text/data.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { LoadError } from '../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx'
import { Section } from '../settings/frame.tsx'
import { useGuarded } from '../settings/ways-in/use-guarded.ts'
import { useAccountData } from './use-account-data.ts'

type Export = Response<'get /api/account/data'>['export']

/** One's archive: asking for it, how far it is, and fetching it. */
export function ExportCard() {
  const { api, queryClient } = useApp()
  const { data, error, refetch } = useAccountData()
  const guarded = useGuarded()
  const ask = () =>
    guarded.run(async () => {
      await api.request('post /api/account/exports')
      await queryClient.invalidateQueries(apiQuery(api, 'get /api/account/data'))
    })
  return (
    <Section title={dataText('exportTitle')} hint={dataText('exportHint')}>
      {guarded.error && <FormError>{guarded.error}</FormError>}
      {data ? (
        <State made={data.export} isBusy={guarded.isBusy} onAsk={ask} />
      ) : error ? (
        <LoadError error={error} onRetry={() => void refetch()} />
      ) : (
        <>
          <LoadingNote />
          <Skeleton className="h-5 w-48" />
          <Skeleton className="mt-4 h-10 w-36 rounded-full!" />
        </>
      )}
    </Section>
  )
}

type StateProps = { made: Export; isBusy: boolean; onAsk: () => void }

function State({ made, isBusy, onAsk }: StateProps) {
  const askButton = (label: string, look: 'primary' | 'quiet' = 'primary') => (
    <Button look={look} icon={Archive} isBusy={isBusy} onClick={onAsk}>
      {label}
    </Button>
  )
  if (!made)
    return (
      <>
        <p className="mb-4 text-text-2">{dataText('none')}</p>
        {askButton(dataText('ask'))}
      </>
    )
  if (made.state === 'failed')
    return (
      <div role="alert">
        <p className="font-semibold text-danger">{dataText('failed')}</p>
        <p className="mt-1 mb-4 text-text-2">{dataText('failedHint')}</p>
        {askButton(dataText('tryAgain'))}
      </div>
    )
  if (made.state !== 'ready') return <Progress {...made} />
  return (
    <>
      <p role="status" className="font-semibold">
        {dataText('ready', { size: formatSize(made.sizeBytes ?? 0) })}
      </p>
      <p className="mt-1 mb-4 text-text-2">
        {dataText('until', { when: formatExact(made.expiresAt ?? made.createdAt) })}
      </p>
      <div className="flex flex-wrap gap-2">
        <a href={`/api/account/exports/${made.id}/file`} download className={buttonClass('primary')}>
          <Download aria-hidden size={18} />
          {dataText('download')}
        </a>
        {askButton(dataText('askAgain'), 'quiet')}
      </div>
    </>
  )
}

function Progress({ state, stage, percent }: NonNullable<Export>) {
  return (
    <>
      <p role="status">{dataText(state === 'waiting' ? 'waiting' : 'running')}</p>
      <div
        role="progressbar"
        aria-label={dataText('progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="mt-4 h-2 overflow-hidden rounded-full bg-surface-3"
      >
        <div
          className="h-full origin-left rounded-full bg-accent transition-transform motion-reduce:transition-none"
          style={{ transform: `scaleX(${percent / 100})` }}
        />
      </div>
      <p className="mt-2 flex justify-between gap-4 text-sm text-text-3 tabular-nums">
        <span className="min-w-0 truncate">{stage && dataText('stage', { stage })}</span>
        <span>{percent} %</span>
      </p>
    </>
  )
}
