import { useApp } from '../data/app.tsx'
import { errorText } from '../data/error-text.ts'
import { useAccountChange } from '../data/use-session.ts'
import { shell } from '../text/shell.ts'
import { useToast } from '../ui/toasts.tsx'

/** Ends the login session of this browser. */
export function useSignOut(): () => void {
  const { api } = useApp()
  const changeAccount = useAccountChange()
  const toast = useToast()
  return () => {
    api.request('post /api/auth/sign-out').then(
      () => {
        changeAccount(null)
        toast({ title: shell('signedOut') })
      },
      (error: unknown) => toast({ title: errorText(error), tone: 'danger' }),
    )
  }
}
