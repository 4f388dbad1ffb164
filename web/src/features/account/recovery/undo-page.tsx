import { Undo2 } from 'lucide-react'
import { errorText } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { useAccountChange } from '../../../data/use-session.ts'
import { useTitle } from '../../../data/use-title.ts'
import { account } from '../../../text/account.ts'
import { Button } from '../../../ui/button.tsx'
import { FormError } from '../../../ui/field.tsx'
import { AuthFrame } from '../auth-frame.tsx'
import { InboxHint } from '../check-contact.tsx'

/** Takes a change of mail address back. It signs everybody out, so that opening the link alone does nothing. */
export function UndoPage({ token }: { token: string }) {
  useTitle(account('undoTitle'))
  const undo = useApiChange('post /api/auth/undo-email')
  const changeAccount = useAccountChange()
  if (undo.isSuccess)
    return (
      <AuthFrame title={account('undoneTitle')} hint={<span role="status">{account('undoneHint')}</span>}>
        <InboxHint />
      </AuthFrame>
    )
  return (
    <AuthFrame title={account('undoTitle')} hint={account('undoHint')}>
      {undo.error && <FormError>{errorText(undo.error)}</FormError>}
      <Button
        look="primary"
        size="lg"
        icon={Undo2}
        isBusy={undo.isPending}
        onClick={() => undo.mutate({ body: { token } }, { onSuccess: () => changeAccount(null) })}
      >
        {account('undoDo')}
      </Button>
    </AuthFrame>
  )
}
