import { Switch } from 'radix-ui'
import { useId } from 'react'

type Props = {
  label: string
  hint?: string
  isOn: boolean
  isBusy?: boolean
  onChange: (isOn: boolean) => void
}

/** Something that is on or off, said in a row; it holds as soon as it is pressed. */
export function SwitchRow({ label, hint, isOn, isBusy = false, onChange }: Props) {
  const id = useId()
  return (
    <div className="flex items-center justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="mt-0.5 text-pretty text-text-2">
            {hint}
          </p>
        )}
      </div>
      <Switch.Root
        id={id}
        checked={isOn}
        disabled={isBusy}
        onCheckedChange={onChange}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="flex h-7 w-12 shrink-0 items-center rounded-full bg-surface-3 px-0.5 ring-1 ring-line-strong transition-colors data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="size-6 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-5" />
      </Switch.Root>
    </div>
  )
}
