import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../data/error-text.ts'
import { useApiChange } from '../../data/use-api.ts'
import { useTitle } from '../../data/use-title.ts'
import { account } from '../../text/account.ts'
import { common } from '../../text/common.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem } from '../../ui/field.tsx'
import { ProviderButtons } from '../entry/provider-buttons.tsx'
import { AuthFrame, textLinkClass } from './auth-frame.tsx'
import { CheckMail } from './check-mail.tsx'
import { keepDestination } from './use-arrival.ts'
import { cleanHandle, signUpProblems, suggestHandle } from './validate.ts'

const EMPTY = { displayName: '', handle: '', email: '', password: '' }
type Form = typeof EMPTY

export function SignUpPage({ next }: { next: string | undefined }) {
  useTitle(common('signUp'))
  const register = useApiChange('post /api/auth/register')
  const [form, setForm] = useState(EMPTY)
  const [problems, setProblems] = useState<Partial<Form>>({})
  if (register.isSuccess) return <CheckMail email={form.email} onOther={register.reset} />
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = signUpProblems(form)
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    keepDestination(next)
    register.mutate({ body: { ...form, handle: cleanHandle(form.handle) } })
  }
  const refused: Partial<Form> = fieldErrors(register.error)
  return (
    <AuthFrame title={account('signUpTitle')} hint={account('signUpHint')}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        {register.error && Object.keys(refused).length === 0 && (
          <FormError>{errorText(register.error)}</FormError>
        )}
        <SignUpFields form={form} onChange={setForm} problems={{ ...refused, ...problems }} />
        <Button type="submit" look="primary" size="lg" isBusy={register.isPending}>
          {common('signUp')}
        </Button>
      </form>
      <div className="flex flex-col gap-3 empty:hidden">
        <ProviderButtons next={next} />
      </div>
      <p className="text-text-2">
        {account('haveAccount')}{' '}
        <Link to="/sign-in" search={next ? { next } : {}} className={textLinkClass}>
          {common('signIn')}
        </Link>
      </p>
    </AuthFrame>
  )
}

type FieldsProps = { form: Form; onChange: (form: Form) => void; problems: Partial<Form> }

function SignUpFields({ form, onChange, problems }: FieldsProps) {
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
  const address = `${location.host}/live/${cleanHandle(form.handle) || '…'}`
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
      <Field {...bind('email')} label={account('email')} type="email" autoComplete="email" />
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
