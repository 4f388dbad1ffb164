import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import type { Response } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { buttonClass } from '../../ui/button.tsx'
import { LogoMark } from '../../ui/logo.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Spinner } from '../../ui/skeleton.tsx'
import { heldStep } from '../entry/held-step.ts'
import { SecondStep } from '../entry/second-step.tsx'
import { useArrival } from './use-arrival.ts'

const KINDS = {
  verify: { route: 'post /api/auth/verify', working: 'verifying', hint: 'verifyFailedHint' },
  link: { route: 'post /api/auth/link', working: 'linkOpening', hint: 'linkFailedHint' },
} as const

type TokenRoute = 'post /api/auth/verify' | 'post /api/auth/link' | 'post /api/auth/confirm-email'

/**
 * Redeems a token as soon as the page opens. Kept as a query, although it changes something: its key makes sure that a
 * token is redeemed once.
 */
export function useRedeemed<Route extends TokenRoute>(route: Route, token: string) {
  const { api } = useApp()
  return useQuery({
    queryKey: ['redeem', route, token],
    queryFn: (): Promise<Response<Route>> => api.request<Route>(route, ...([{ body: { token } }] as never)),
    retry: false,
    staleTime: 'static',
    refetchOnWindowFocus: false,
  })
}

/** Redeems the token of a mail or of a login link, and goes on from there. */
export function TokenPage({ kind, token }: { kind: keyof typeof KINDS; token: string }) {
  const arrive = useArrival()
  const router = useRouter()
  const { route, working, hint } = KINDS[kind]
  useTitle(account(working))
  const { data, error } = useRedeemed(route, token)
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving happens once, when the answer is there.
  useEffect(() => {
    // Whom only a link opens is given an address and a password in the settings.
    if (data) arrive(data.account, data.account.hasPassword ? undefined : '/settings')
  }, [data])
  const step = heldStep(error)
  if (step)
    return (
      <SecondStep
        step={step}
        onSignedIn={(signedIn) => arrive(signedIn, undefined)}
        onRestart={() => void router.navigate({ to: '/sign-in', replace: true })}
      />
    )
  return <TokenNotice error={error} working={working} hint={hint} />
}

type TokenNoticeProps = {
  error: unknown
  working: 'verifying' | 'linkOpening' | 'confirmingEmail'
  hint: 'verifyFailedHint' | 'linkFailedHint'
}

/** What stands there while a token is redeemed, and when it was of no use. */
export function TokenNotice({ error, working, hint }: TokenNoticeProps) {
  if (!error)
    return (
      <div role="status">
        <Notice
          className="pt-[14vh]"
          art={<Spinner size={40} className="text-accent" />}
          title={account(working)}
        />
      </div>
    )
  return (
    <div role="alert">
      <Notice
        className="pt-[14vh]"
        art={<LogoMark size={56} />}
        title={account('verifyFailed')}
        hint={`${errorText(error)} ${account(hint)}`}
        actions={
          <Link to="/sign-in" className={buttonClass('primary')}>
            {common('signIn')}
          </Link>
        }
      />
    </div>
  )
}
