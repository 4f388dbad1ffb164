import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Response, useApi, useApiChange } from '../../../data/use-api.ts'
import { account } from '../../../text/account.ts'
import { settingsText } from '../../../text/settings.ts'
import { Button } from '../../../ui/button.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { Confirm } from '../../../ui/overlay/confirm.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { TextCodeForm } from '../../account/text-code-form.tsx'
import { emailProblem, phoneProblem } from '../../account/validate.ts'
import { ContactField } from './contact-field.tsx'

type Contacts = Response<'get /api/account/contacts'>

/** Reads the contacts anew, after one was changed. */
function useContactsChanged(): () => void {
  const queryClient = useQueryClient()
  return () => void queryClient.invalidateQueries({ queryKey: ['get /api/account/contacts'] })
}

/** Mail address and telephone number: what they are, what waits for its proof, and the way to another. */
export function ContactForms() {
  const { data, error, refetch } = useApi('get /api/account/contacts')
  const hasTexts = useApi('get /api/config').data?.hasTexts ?? false
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div className="flex flex-col gap-5">
        <LoadingNote />
        {['mail', 'phone'].map((name) => (
          <div key={name} className="flex h-11 items-center justify-between">
            <Skeleton className="h-9 w-48" />
            <Skeleton className="h-10 w-40 rounded-full!" />
          </div>
        ))}
      </div>
    )
  return (
    <div className="flex flex-col gap-5">
      <EmailPart contacts={data} />
      {(hasTexts || data.phone) && <PhonePart contacts={data} />}
    </div>
  )
}

function Part({ label, value, children }: { label: string; value: string | null; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0">
        <p className="text-sm font-medium">{label}</p>
        <p className="break-all text-text-2">{value ?? settingsText('notSet')}</p>
      </div>
      {children}
    </div>
  )
}

function EmailPart({ contacts: { email, pendingEmail } }: { contacts: Contacts }) {
  const change = useApiChange('put /api/account/email')
  const changed = useContactsChanged()
  const toast = useToast()
  const [isOpen, setIsOpen] = useState(false)
  const save = (address: string) =>
    change.mutate(
      { body: { email: address } },
      {
        onSuccess: () => {
          setIsOpen(false)
          changed()
          toast({ title: settingsText('emailSent') })
        },
      },
    )
  return (
    <Part label={account('email')} value={email}>
      {!isOpen && (
        <Button onClick={() => setIsOpen(true)}>{settingsText(email ? 'emailChange' : 'emailAdd')}</Button>
      )}
      {pendingEmail && !isOpen && (
        <p className="w-full text-text-2">{settingsText('pendingEmail', { email: pendingEmail })}</p>
      )}
      {isOpen && (
        <ContactField
          label={settingsText(email ? 'emailChange' : 'emailAdd')}
          type="email"
          send={account('forgotSend')}
          problemOf={emailProblem}
          error={change.error}
          isBusy={change.isPending}
          onSend={save}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Part>
  )
}

function PhonePart({ contacts: { email, phone, pendingPhone } }: { contacts: Contacts }) {
  const change = useApiChange('put /api/account/phone')
  const changed = useContactsChanged()
  const [isOpen, setIsOpen] = useState(false)
  const [sentTo, setSentTo] = useState<string>()
  const waitsFor = sentTo ?? pendingPhone
  const save = (number: string) =>
    change.mutate(
      { body: { phone: number } },
      {
        onSuccess: () => {
          setIsOpen(false)
          setSentTo(number)
        },
      },
    )
  return (
    <Part label={account('phone')} value={phone}>
      {!isOpen && (
        <div className="flex flex-wrap gap-2">
          {phone && email && <RemovePhone />}
          <Button onClick={() => setIsOpen(true)}>{settingsText(phone ? 'phoneChange' : 'phoneAdd')}</Button>
        </div>
      )}
      {isOpen && (
        <ContactField
          label={settingsText(phone ? 'phoneChange' : 'phoneAdd')}
          type="tel"
          hint={account('phoneHint')}
          send={settingsText('phoneSend')}
          problemOf={phoneProblem}
          error={change.error}
          isBusy={change.isPending}
          onSend={save}
          onClose={() => setIsOpen(false)}
        />
      )}
      {waitsFor && !isOpen && (
        <PhoneCode
          phone={waitsFor}
          onDone={() => {
            setSentTo(undefined)
            changed()
          }}
        />
      )}
    </Part>
  )
}

function PhoneCode({ phone, onDone }: { phone: string; onDone: () => void }) {
  const verify = useApiChange('post /api/account/phone/verify')
  const toast = useToast()
  return (
    <div className="flex w-full max-w-sm flex-col gap-3">
      <p role="status" className="text-text-2">
        {settingsText('pendingPhone', { phone })}
      </p>
      <TextCodeForm
        error={verify.error}
        isBusy={verify.isPending}
        onCode={(code) =>
          verify.mutate(
            { body: { code } },
            {
              onSuccess: () => {
                onDone()
                toast({ title: settingsText('phoneSaved') })
              },
            },
          )
        }
      />
    </div>
  )
}

function RemovePhone() {
  const remove = useApiChange('delete /api/account/phone')
  const changed = useContactsChanged()
  const toast = useToast()
  const [isAsking, setIsAsking] = useState(false)
  const done = () => {
    changed()
    toast({ title: settingsText('phoneRemoved') })
  }
  return (
    <>
      <Button look="danger" isBusy={remove.isPending} onClick={() => setIsAsking(true)}>
        {settingsText('phoneRemove')}
      </Button>
      <Confirm
        isOpen={isAsking}
        title={settingsText('phoneRemove')}
        hint={settingsText('phoneRemoveHint')}
        confirm={settingsText('phoneRemove')}
        keep={settingsText('phoneKeep')}
        onConfirm={() => remove.mutate({}, { onSuccess: done })}
        onClose={() => setIsAsking(false)}
      />
    </>
  )
}
