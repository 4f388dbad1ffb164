import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { RouteInput } from '../../../../src/contract/index.ts'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useTitle } from '../../data/use-title.ts'
import { common } from '../../text/common.ts'
import { security } from '../../text/security.ts'
import { buttonClass } from '../../ui/button.tsx'
import { LogoMark } from '../../ui/logo.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { Spinner } from '../../ui/skeleton.tsx'
import { useArrival } from '../account/use-arrival.ts'
import { ChooseHandle } from './choose-handle.tsx'
import { heldStep } from './held-step.ts'
import { SecondStep } from './second-step.tsx'

export type ProviderAnswer = { code?: string; state?: string; iss?: string }
type Input = RouteInput<'finishOAuth'>

/** Where a provider sends the browser back to: ends the attempt, and goes on from there. */
export function OAuthReturnPage({ provider, answer }: { provider: string; answer: ProviderAnswer }) {
  const { code, state, iss } = answer
  const { api } = useApp()
  const arrive = useArrival()
  const router = useRouter()
  const toast = useToast()
  useTitle(security('returning'))
  // Kept as a query, although it changes something: its key makes sure that an answer is redeemed once.
  const { data, error } = useQuery({
    queryKey: ['oauth', provider, state],
    queryFn: () => {
      const params = { provider } as Input['params']
      const body = { code: code ?? '', state: state ?? '', ...(iss !== undefined && { iss }) }
      return api.request('post /api/auth/oauth/{provider}/finish', { params, body })
    },
    enabled: Boolean(code && state),
    retry: false,
    staleTime: 'static',
    refetchOnWindowFocus: false,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving happens once, when the answer is there.
  useEffect(() => {
    if (data?.outcome === 'signed_in') arrive(data.account, undefined)
    if (data?.outcome !== 'linked') return
    toast({ title: security('connected', { name: security('connectedAccounts') }) })
    void router.navigate({ to: '/settings/connected', replace: true })
  }, [data])

  const restart = () => void router.navigate({ to: '/sign-in', replace: true })
  const step = heldStep(error)
  if (step)
    return <SecondStep step={step} onSignedIn={(account) => arrive(account, undefined)} onRestart={restart} />
  if (data?.outcome === 'sign_up') return <ChooseHandle {...data} />
  if (!code || !state) return <Failed hint={security('returnCancelled')} />
  if (error) return <Failed hint={errorText(error)} />
  return (
    <div role="status">
      <Notice
        className="pt-[14vh]"
        art={<Spinner size={40} className="text-accent" />}
        title={security('returning')}
      />
    </div>
  )
}

function Failed({ hint }: { hint: string }) {
  return (
    <div role="alert">
      <Notice
        className="pt-[14vh]"
        art={<LogoMark size={56} />}
        title={security('returnFailed')}
        hint={hint}
        actions={
          <>
            <Link to="/sign-in" className={buttonClass('primary')}>
              {common('signIn')}
            </Link>
            <Link to="/settings" className={buttonClass('quiet')}>
              {security('toSettings')}
            </Link>
          </>
        }
      />
    </div>
  )
}
