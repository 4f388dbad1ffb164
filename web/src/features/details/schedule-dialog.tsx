import { type FormEvent, useState } from 'react'
import { newClientId } from '../../data/calls/client-id.ts'
import { useCall } from '../../data/calls/use-call.ts'
import { errorText } from '../../data/error-text.ts'
import { toLocalInput } from '../../format/time.ts'
import { studio } from '../../text/studio.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useToast } from '../../ui/overlay/toasts.tsx'
import type { Details } from './details.ts'
import { DetailsFields } from './details-fields.tsx'

const HOUR_MS = 3_600_000

type Props = { isOpen: boolean; onOpenChange: (isOpen: boolean) => void; details: Details }

export function ScheduleDialog({ isOpen, onOpenChange, details }: Props) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title={studio('scheduleTitle')}
      hint={studio('scheduleHint')}
    >
      <ScheduleForm initial={details} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function ScheduleForm({ initial, onDone }: { initial: Details; onDone: () => void }) {
  const schedule = useCall('broadcast:schedule')
  const toast = useToast()
  const [details, setDetails] = useState(initial)
  // The next full hour but one: soon, and with time to tell people.
  const [when, setWhen] = useState(() => toLocalInput(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS))
  const [problems, setProblems] = useState<{ title?: string | undefined; when?: string | undefined }>({})
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The dialog stands inside of the page's own form in React's tree.
    event.stopPropagation()
    const title = details.title.trim()
    const scheduledFor = new Date(when).getTime()
    const isToCome = scheduledFor > Date.now()
    setProblems({
      title: title ? undefined : studio('titleRule'),
      when: isToCome ? undefined : studio('scheduleRule'),
    })
    if (!title || !isToCome) return
    schedule.mutate(
      { clientId: newClientId(), ...details, title, scheduledFor },
      {
        onSuccess: () => {
          toast({ title: studio('scheduled') })
          onDone()
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {schedule.error && <FormError>{errorText(schedule.error)}</FormError>}
      <DetailsFields details={details} onChange={setDetails} titleProblem={problems.title} />
      <Field
        label={studio('scheduleWhen')}
        type="datetime-local"
        value={when}
        min={toLocalInput(Date.now())}
        error={problems.when}
        onChange={(event) => setWhen(event.target.value)}
      />
      <Button type="submit" look="primary" isBusy={schedule.isPending} className="self-end">
        {studio('scheduleSave')}
      </Button>
    </form>
  )
}
