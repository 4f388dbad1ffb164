import { useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
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

/** Redeems the token of a mail or of a login link as soon as the page opens, and goes on from there. */
export function TokenPage({ kind, token }: { kind: keyof typeof KINDS; token: string }) {
  const { api } = useApp()
  const arrive = useArrival()
  const router = useRouter()
  const { route, working, hint } = KINDS[kind]
  useTitle(account(working))
  // Kept as a query, although it changes something: its key makes sure that a token is redeemed once.
  const { data, error } = useQuery({
    queryKey: ['redeem', kind, token],
    queryFn: () => api.request(route, { body: { token } }),
    retry: false,
    staleTime: 'static',
    refetchOnWindowFocus: false,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving happens once, when the answer is there.
  useEffect(() => {
    if (data) arrive(data.account, undefined)
  }, [data])
  const step = heldStep(error)
  if (step)
    return (
      <SecondStep
        step={step}
        onSignedIn={(account) => arrive(account, undefined)}
        onRestart={() => void router.navigate({ to: '/sign-in', replace: true })}
      />
    )
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
