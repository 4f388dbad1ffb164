import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useApp } from '../../data/app.tsx'
import { useAccount } from '../../data/use-session.ts'
import { dataText } from '../../text/data.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { Dialog } from '../../ui/overlay/dialog.tsx'
import { useGuarded } from '../settings/ways-in/use-guarded.ts'

/** The way out: says what will happen, and asks for the handle so that nobody does it by mistake. */
export function DeletionCard() {
  const [isOpen, setIsOpen] = useState(false)
  const account = useAccount()
  if (!account) return null
  return (
    <section className="rounded-md border border-danger/50 bg-surface-1 p-4 md:p-5">
      <h2 className="text-base font-semibold">{dataText('deleteTitle')}</h2>
      <p className="mt-1 mb-4 text-text-2">{dataText('deleteHint')}</p>
      <Button look="danger" icon={Trash2} onClick={() => setIsOpen(true)}>
        {dataText('delete')}
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setIsOpen}
        title={dataText('deleteAsk', { handle: account.handle })}
        hint={dataText('kept')}
      >
        <DeletionForm handle={account.handle} onClose={() => setIsOpen(false)} />
      </Dialog>
    </section>
  )
}

function DeletionForm({ handle, onClose }: { handle: string; onClose: () => void }) {
  const { api, queryClient } = useApp()
  const guarded = useGuarded()
  const [isWrong, setIsWrong] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = String(new FormData(event.currentTarget).get('handle') ?? '')
    const isRight = typed.trim().replace(/^@/, '').toLowerCase() === handle
    setIsWrong(!isRight)
    if (!isRight) return focusFirstProblem(event.currentTarget)
    guarded.run(async () => {
      await api.request('post /api/account/deletion', { body: { handle: typed } })
      await queryClient.invalidateQueries()
    })
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {guarded.error && <FormError>{guarded.error}</FormError>}
      <Happening title={dataText('happensNow')} keys={['hidden', 'signedOut', 'offAir']} />
      <Happening title={dataText('happensLater')} keys={['erased']} />
      <Field
        label={dataText('typeHandle', { handle })}
        name="handle"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={30}
        error={isWrong ? dataText('wrongHandle') : undefined}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{dataText('keep')}</Button>
        <Button type="submit" look="live" isBusy={guarded.isBusy}>
          {dataText('confirmDelete')}
        </Button>
      </div>
    </form>
  )
}

type Consequence = 'hidden' | 'signedOut' | 'offAir' | 'erased'

function Happening({ title, keys }: { title: string; keys: readonly Consequence[] }) {
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="mt-1 list-disc pl-5 text-text-2">
        {keys.map((key) => (
          <li key={key}>{dataText(key)}</li>
        ))}
      </ul>
    </div>
  )
}
