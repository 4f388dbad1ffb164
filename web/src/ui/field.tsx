import { ChevronDown, Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { account } from '../text/account.ts'
import { cx } from './cx.ts'

export const inputClass =
  'h-11 w-full rounded-sm border border-line-strong bg-surface-1 px-3 text-base text-text-1 placeholder:text-text-3 ' +
  'disabled:opacity-60 aria-invalid:border-danger md:text-sm'

type FieldProps = ComponentProps<'input'> & { label: string; hint?: ReactNode; error?: string | undefined }

/** A labelled input with its hint and its error, tied together for screen readers. */
export function Field({ label, hint, error, type, ...rest }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const [isShown, setIsShown] = useState(false)
  const isPassword = type === 'password'
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          {...rest}
          id={id}
          type={isPassword && isShown ? 'text' : type}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? noteId : undefined}
          className={cx(inputClass, isPassword && 'pr-12')}
        />
        {isPassword && <ShowPassword isShown={isShown} onToggle={() => setIsShown(!isShown)} />}
      </div>
      <FieldNote id={noteId} hint={hint} error={error} />
    </div>
  )
}

function FieldNote({ id, hint, error }: { id: string; hint?: ReactNode; error?: string | undefined }) {
  if (error)
    return (
      <p id={id} role="alert" className="text-sm text-danger">
        {error}
      </p>
    )
  return hint ? (
    <p id={id} className="text-sm text-text-3">
      {hint}
    </p>
  ) : null
}

function ShowPassword({ isShown, onToggle }: { isShown: boolean; onToggle: () => void }) {
  const Icon = isShown ? EyeOff : Eye
  return (
    <button
      type="button"
      onClick={onToggle}
      aria-label={account(isShown ? 'hidePassword' : 'showPassword')}
      className="absolute inset-y-0 right-0 flex w-11 items-center justify-center rounded-sm text-text-3 hover:text-text-1"
    >
      <Icon aria-hidden size={18} />
    </button>
  )
}

type CheckFieldProps = Omit<ComponentProps<'input'>, 'type'> & { label: string; hint?: string }

/** A box to tick, with its label and hint beside it. */
export function CheckField({ label, hint, ...rest }: CheckFieldProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-note` : undefined}
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      <div className="flex flex-col gap-0.5">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {hint && <FieldNote id={`${id}-note`} hint={hint} error={undefined} />}
      </div>
    </div>
  )
}

type TextAreaProps = ComponentProps<'textarea'> & {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

/** A labelled text of several lines. */
export function TextArea({ label, hint, error, ...rest }: TextAreaProps) {
  const id = useId()
  const noteId = `${id}-note`
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? noteId : undefined}
        className={cx(inputClass, 'h-auto! py-2.5')}
      />
      <FieldNote id={noteId} hint={hint} error={error} />
    </div>
  )
}

type SelectFieldProps = ComponentProps<'select'> & {
  label: string
  options: { value: string; label: string }[]
}

/** The system's own select: best on phones and with screen readers. */
export function SelectField({ label, options, className, ...rest }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={cx('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <select {...rest} id={id} className={cx(inputClass, 'appearance-none truncate pr-9')}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown
          aria-hidden
          size={18}
          className="pointer-events-none absolute top-3.5 right-3 text-text-3"
        />
      </div>
    </div>
  )
}

/** After a form was refused: puts the cursor into the first field that is not right, once it is drawn as such. */
export function focusFirstProblem(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
}

/** What went wrong with a whole form. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="rounded-sm border border-danger/40 bg-danger/10 px-3 py-2 text-sm text-text-1">
      {children}
    </p>
  )
}
