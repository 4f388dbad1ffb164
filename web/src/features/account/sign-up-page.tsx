import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../data/error-text.ts'
import { useApi, useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { ProviderButtons } from '../entry/provider-buttons.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'
import { CheckContact } from './check-contact.tsx'
import { keepDestination } from './use-arrival.ts'
import { cleanHandle, contactIn, signUpProblems, suggestHandle } from './validate.ts'

const EMPTY = { displayName: '', handle: '', contact: '', password: '' }
type Form = typeof EMPTY
type Kind = 'email' | 'phone'

export function SignUpPage({ next }: { next: string | undefined }) {
  useTitle(common('signUp'))
  const register = useApiChange('post /api/auth/register')
  const [form, setForm] = useState(EMPTY)
  const [kind, setKind] = useState<Kind>('email')
  const [problems, setProblems] = useState<Partial<Form>>({})
  const hasTexts = useApi('get /api/config').data?.hasTexts ?? false
  const contact = contactIn(form.contact)
  if (register.isSuccess && contact) return <CheckContact contact={contact} onOther={register.reset} />
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = signUpProblems(form, kind)
    setProblems(found)
    if (!contact || Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    keepDestination(next)
    const { displayName, password } = form
    register.mutate({ body: { displayName, password, ...contact, handle: cleanHandle(form.handle) } })
  }
  const { email, phone, ...others } = fieldErrors(register.error)
  const atContact = email ?? phone
  const refused: Partial<Form> = { ...others, ...(atContact && { contact: atContact }) }
  return (
    <AuthFrame title={account('signUpTitle')} hint={account('signUpHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {register.error && Object.keys(refused).length === 0 && (
          <FormError>{errorText(register.error)}</FormError>
        )}
        <SignUpFields form={form} kind={kind} onChange={setForm} problems={{ ...refused, ...problems }} />
        <Button type="submit" look="primary" size="lg" isBusy={register.isPending}>
          {common('signUp')}
        </Button>
      </form>
      <div className="flex flex-col gap-3 empty:hidden">
        <ProviderButtons next={next} />
      </div>
      <div className="flex flex-col items-start gap-2 text-text-2">
        {hasTexts && <KindSwitch kind={kind} onChange={setKind} />}
        <p>
          {account('haveAccount')}{' '}
          <Link to="/sign-in" search={next ? { next } : {}} className={textLinkClass}>
            {common('signIn')}
          </Link>
        </p>
      </div>
    </AuthFrame>
  )
}

function KindSwitch({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  const other = kind === 'email' ? 'phone' : 'email'
  return (
    <button type="button" className={textLinkClass} onClick={() => onChange(other)}>
      {account(other === 'phone' ? 'usePhone' : 'useEmail')}
    </button>
  )
}

type FieldsProps = {
  form: Form
  kind: Kind
  onChange: (form: Form) => void
  problems: Partial<Form>
}

function SignUpFields({ form, kind, onChange, problems }: FieldsProps) {
  const bind = (field: keyof Form) => ({
    name: field,
    value: form[field],
    error: problems[field],
    onChange: (event: { target: { value: string } }) => onChange({ ...form, [field]: event.target.value }),
  })
  const changeName = (displayName: string) => {
    // The handle follows the name until somebody writes one.
    const followsName = form.handle === suggestHandle(form.displayName)
    onChange({ ...form, displayName, handle: followsName ? suggestHandle(displayName) : form.handle })
  }
  const address = `${location.host}/@${cleanHandle(form.handle) || '…'}`
  return (
    <>
      <Field
        {...bind('displayName')}
        onChange={(event) => changeName(event.target.value)}
        label={account('displayName')}
        autoComplete="name"
        maxLength={50}
      />
      <Field
        {...bind('handle')}
        label={account('handle')}
        hint={<span className="break-all">{account('handleHint', { address })}</span>}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={24}
      />
      {kind === 'email' ? (
        <Field {...bind('contact')} label={account('email')} type="email" autoComplete="email" />
      ) : (
        <Field
          {...bind('contact')}
          label={account('phone')}
          hint={account('phoneHint')}
          type="tel"
          autoComplete="tel"
        />
      )}
      <Field
        {...bind('password')}
        label={account('password')}
        hint={account('passwordHint')}
        type="password"
        autoComplete="new-password"
        maxLength={200}
      />
    </>
  )
}
