import { type FormEvent, useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { type Response, useApiChange } from '../../data/use-api.ts'
import { scopeText, tokenText } from '../../text/standing.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem, SelectField } from '../../ui/field.tsx'

type Scope = Response<'post /api/account/tokens'>['details']['scopes'][number]

const SCOPES = [
  'read',
  'chat:write',
  'streams:write',
  'videos:write',
  'social:write',
  'account:read',
] as const satisfies Scope[]
/** A month is forgotten slowly enough to be renewed, a year is the longest. */
const DAYS = [7, 30, 90, 365]
const NAME_MAX = 60

/** Name, rights and life of a new token. */
export function TokenForm({ onMade }: { onMade: (token: string) => void }) {
  const make = useApiChange('post /api/account/tokens')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const [problems, setProblems] = useState<{ name?: string; scopes?: string }>({})
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const name = String(form.get('name')).trim()
    const found = {
      ...(name === '' && { name: tokenText('nameRule') }),
      ...(scopes.length === 0 && { scopes: tokenText('scopesRule') }),
    }
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirstProblem(event.currentTarget)
    const body = { name, scopes, expiresInDays: Number(form.get('days')) }
    make.mutate({ body }, { onSuccess: ({ token }) => onMade(token) })
  }
  const toggle = (scope: Scope) =>
    setScopes((before) => SCOPES.filter((each) => before.includes(each) !== (each === scope)))
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {make.error && <FormError>{errorText(make.error)}</FormError>}
      <Field
        label={tokenText('name')}
        hint={tokenText('nameHint')}
        name="name"
        maxLength={NAME_MAX}
        autoComplete="off"
        error={problems.name}
      />
      <fieldset aria-describedby={problems.scopes ? 'scopes-problem' : undefined}>
        <legend className="mb-1 text-sm font-medium">{tokenText('scopes')}</legend>
        {SCOPES.map((scope) => (
          <label
            key={scope}
            htmlFor={`scope-${scope}`}
            className="flex min-h-10 items-center gap-3 rounded-sm px-2 hover:bg-surface-2"
          >
            <input
              id={`scope-${scope}`}
              type="checkbox"
              checked={scopes.includes(scope)}
              onChange={() => toggle(scope)}
              className="size-4.5 shrink-0 accent-(--accent)"
            />
            {scopeText(scope)}
          </label>
        ))}
        {problems.scopes && (
          <p id="scopes-problem" role="alert" className="mt-1 text-sm text-danger">
            {problems.scopes}
          </p>
        )}
      </fieldset>
      <SelectField
        label={tokenText('expires')}
        name="days"
        defaultValue="30"
        options={DAYS.map((count) => ({ value: String(count), label: tokenText('days', { count }) }))}
      />
      <Button type="submit" look="primary" isBusy={make.isPending} className="self-end">
        {tokenText('make')}
      </Button>
    </form>
  )
}
