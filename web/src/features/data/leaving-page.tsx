import { LogOut, UserRoundX } from 'lucide-react'
import { useApp } from '../../data/app.tsx'
import { errorText } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { useTitle } from '../../data/use-title.ts'
import { formatExact } from '../../format/time.ts'
import { useSignOut } from '../../shell/use-sign-out.ts'
import { dataText } from '../../text/data.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { ExportCard } from './export-card.tsx'

/** How late the page sees that the grace period is over. */
const LOOK_MS = 30_000

/** All that is left to an account that waits to be deleted: keeping it, and taking one's data along. */
export function LeavingPage({ eraseAt }: { eraseAt: number }) {
  useTitle(dataText('leavingTitle'))
  const { connection, queryClient } = useApp()
  const undo = useApiChange('delete /api/account/deletion')
  const signOut = useSignOut()
  const toast = useToast()
  const isOver = useNow(LOOK_MS) >= eraseAt
  const keep = () =>
    undo.mutate(
      {},
      {
        onSuccess: () => {
          toast({ title: dataText('undone') })
          connection.renew()
          void queryClient.invalidateQueries()
        },
      },
    )
  return (
    <div className="mx-auto max-w-xl px-4 pb-16">
      <Notice
        art={<UserRoundX aria-hidden size={48} className="text-text-3" />}
        title={dataText('leavingTitle')}
        hint={isOver ? dataText('leavingSoon') : dataText('leavingHint', { when: formatExact(eraseAt) })}
        className="pb-8"
        actions={
          <>
            <Button look="primary" size="lg" isBusy={undo.isPending} onClick={keep}>
              {dataText('undo')}
            </Button>
            <Button size="lg" icon={LogOut} onClick={signOut}>
              {dataText('signOut')}
            </Button>
          </>
        }
      />
      {undo.error && <FormError>{errorText(undo.error)}</FormError>}
      <ExportCard />
    </div>
  )
}
