import { useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAccount } from '../../data/use-session.ts'
import { forgetWish, keepWish, takeWish, type Wish } from './wish.ts'

/**
 * Something that only accounts can do. The answer asks visitors to sign in and remembers what they wanted; back on the
 * page, `fulfil` is called. `wish` is undefined as long as the page is not ready for that.
 */
export function useWish(wish: Wish | undefined, fulfil: () => void): () => void {
  const account = useAccount()
  const navigate = useNavigate()
  const { href } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest `fulfil` is called, which changes every time.
  useEffect(() => {
    if (account && wish && takeWish(wish, Date.now())) fulfil()
    // Somebody who comes back without an account has thought better of it.
    if (account === null) forgetWish()
  }, [account, wish])
  return () => {
    if (account) return fulfil()
    if (account === undefined || !wish) return
    keepWish(wish, Date.now())
    void navigate({ to: '/sign-in', search: { next: href } })
  }
}
