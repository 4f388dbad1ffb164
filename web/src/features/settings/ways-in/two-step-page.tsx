import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { apiQuery, type Response, useApi } from '../../../data/use-api.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { FormError } from '../../../ui/field.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { Confirm } from '../../../ui/overlay/confirm.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { Section } from '../frame.tsx'
import { BackupCodes } from './backup-codes.tsx'
import { SubPage } from './sub-page.tsx'
import { TotpSetup } from './totp-setup.tsx'
import { useGuarded } from './use-guarded.ts'

export type Setup = Response<'post /api/account/totp'>

/** Two-step verification: on and off, and its backup codes. */
export function TwoStepPage() {
  const { api } = useApp()
  const cache = useQueryClient()
  const state = useApi('get /api/account/second-factor')
  const guarded = useGuarded()
  const [setup, setSetup] = useState<Setup>()
  const [codes, setCodes] = useState<string[]>()
  const reload = () => cache.invalidateQueries(apiQuery(api, 'get /api/account/second-factor'))
  const show = (made: string[]) => {
    setSetup(undefined)
    setCodes(made)
    void reload()
  }
  const begin = () => guarded.run(async () => setSetup(await api.request('post /api/account/totp')))
  return (
    <SubPage title={security('twoStep')}>
      {guarded.error && <FormError>{guarded.error}</FormError>}
      {codes ? (
        <BackupCodes codes={codes} onKept={() => setCodes(undefined)} />
      ) : setup ? (
        <TotpSetup setup={setup} onTurnedOn={show} onClose={() => setSetup(undefined)} />
      ) : state.data ? (
        <State
          {...state.data}
          isBusy={guarded.isBusy}
          onBegin={begin}
          onChange={guarded.run}
          onCodes={show}
        />
      ) : state.error ? (
        <LoadError error={state.error} onRetry={() => void state.refetch()} />
      ) : (
        <Section title={security('twoStep')} hint={security('twoStepHint')}>
          <LoadingNote />
          <Skeleton className="h-5 w-24" />
          <Skeleton className="mt-4 h-10 w-36 rounded-full!" />
        </Section>
      )}
    </SubPage>
  )
}

type StateProps = Pick<Response<'get /api/account/second-factor'>, 'isOn' | 'backupCodesLeft'> & {
  isBusy: boolean
  onBegin: () => void
  onChange: (work: () => Promise<void>) => void
  onCodes: (codes: string[]) => void
}

function State({ isOn, backupCodesLeft, isBusy, onBegin, onChange, onCodes }: StateProps) {
  const { api } = useApp()
  const cache = useQueryClient()
  const toast = useToast()
  const [asked, setAsked] = useState<'off' | 'renew'>()
  const turnOff = () =>
    onChange(async () => {
      await api.request('delete /api/account/totp')
      await cache.invalidateQueries(apiQuery(api, 'get /api/account/second-factor'))
      toast({ title: security('turnedOff') })
    })
  const renew = () =>
    onChange(async () => onCodes((await api.request('post /api/account/backup-codes')).backupCodes))
  const words =
    asked === 'renew'
      ? { title: 'renewTitle', hint: 'renewHint', confirm: 'renewCodes', keep: 'keepCodes' }
      : { title: 'turnOffTitle', hint: 'turnOffHint', confirm: 'turnOff', keep: 'keepOn' }
  return (
    <Section title={security('twoStep')} hint={security('twoStepHint')}>
      <p className="font-semibold">{security(isOn ? 'stateOn' : 'stateOff')}</p>
      {isOn && <p className="mt-1 text-text-2">{security('codesLeft', { count: backupCodesLeft })}</p>}
      <div className="mt-4 flex flex-wrap gap-2">
        {isOn ? (
          <>
            <Button disabled={isBusy} onClick={() => setAsked('renew')}>
              {security('renewCodes')}
            </Button>
            <Button look="danger" disabled={isBusy} onClick={() => setAsked('off')}>
              {security('turnOff')}
            </Button>
          </>
        ) : (
          <Button look="primary" isBusy={isBusy} onClick={onBegin}>
            {security('turnOn')}
          </Button>
        )}
      </div>
      <Confirm
        isOpen={asked !== undefined}
        title={security(words.title as 'renewTitle')}
        hint={security(words.hint as 'renewHint')}
        confirm={security(words.confirm as 'renewCodes')}
        keep={security(words.keep as 'keepCodes')}
        onConfirm={asked === 'renew' ? renew : turnOff}
        onClose={() => setAsked(undefined)}
      />
    </Section>
  )
}
