import { useRouter } from '@tanstack/react-router'
import { readStored, writeStored } from '../../data/stored.ts'
import { type Account, useAccountChange } from '../../data/use-session.ts'
import { nextPath } from '../../format/next-path.ts'
import { account as accountText } from '../../text/account.ts'
import { useToast } from '../../ui/overlay/toasts.tsx'

const KEPT = 'after-sign-up'

/** Remembers where somebody wanted to go: the link in the verification mail opens a page that does not know it. */
export const keepDestination = (next: string | undefined): void => writeStored(KEPT, next)

/** Signs somebody in here and brings them back to where they were. */
export function useArrival(): (account: Account, next: string | undefined) => void {
  const router = useRouter()
  const changeAccount = useAccountChange()
  const toast = useToast()
  return (account, next) => {
    changeAccount(account)
    toast({ title: accountText('welcome', { name: account.displayName }) })
    const destination = nextPath(next ?? readStored(KEPT))
    keepDestination(undefined)
    router.history.replace(destination)
  }
}
