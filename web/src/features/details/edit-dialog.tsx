import { type FormEvent, useState } from 'react'
import { useCall } from '../../data/calls/use-call.ts'
import { errorText } from '../../data/error-text.ts'
import { studio } from '../../text/studio.ts'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import type { Broadcast } from '../watch/stream-state.ts'
import { DetailsFields } from './details-fields.tsx'

type Props = {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  broadcast: Broadcast
  onSaved: (broadcast: Broadcast) => void
}

export function EditDialog({ isOpen, onOpenChange, broadcast, onSaved }: Props) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title={studio('editTitle')}>
      <EditForm
        broadcast={broadcast}
        onSaved={(saved) => {
          onSaved(saved)
          onOpenChange(false)
        }}
      />
    </Dialog>
  )
}

function EditForm({ broadcast, onSaved }: Pick<Props, 'broadcast' | 'onSaved'>) {
  const { id: broadcastId, title, category, visibility } = broadcast
  const [details, setDetails] = useState({ title, category, visibility })
  const [titleProblem, setTitleProblem] = useState<string>()
  const update = useCall('broadcast:update')
  const toast = useToast()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = details.title.trim()
    setTitleProblem(trimmed ? undefined : studio('titleRule'))
    if (!trimmed) return
    update.mutate(
      { broadcastId, ...details, title: trimmed },
      {
        onSuccess: (saved) => {
          toast({ title: studio('saved') })
          onSaved(saved)
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {update.error && <FormError>{errorText(update.error)}</FormError>}
      <DetailsFields details={details} onChange={setDetails} titleProblem={titleProblem} />
      <Button type="submit" look="primary" isBusy={update.isPending} className="self-end">
        {studio('save')}
      </Button>
    </form>
  )
}
