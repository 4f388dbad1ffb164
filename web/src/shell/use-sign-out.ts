import { useRouter } from '@tanstack/react-router'
import { useApp } from '../data/app.tsx'
import { errorText } from '../data/error-text.ts'
import { useAccountChange } from '../data/use-session.ts'
import { shell } from '../text/shell.ts'
import { useToast } from '../ui/overlay/toasts.tsx'

/** Ends the login session of this browser. */
export function useSignOut(): () => void {
  const { api, uploads } = useApp()
  const changeAccount = useAccountChange()
  const toast = useToast()
  const router = useRouter()
  return () => {
    api.request('post /api/auth/sign-out').then(
      () => {
        changeAccount(null)
        uploads.clear()
        // A page that is only for accounts now leads to the sign-in.
        void router.invalidate()
        toast({ title: shell('signedOut') })
      },
      (error: unknown) => toast({ title: errorText(error), tone: 'danger' }),
    )
  }
}
