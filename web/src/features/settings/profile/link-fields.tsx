import { Plus, X } from 'lucide-react'
import { profileText } from '../../../text/settings.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Field } from '../../../ui/field.tsx'

/** As the server takes them. */
const LINKS_MAX = 5
const LINK_MAX = 200

type Props = { links: string[]; problems: (string | undefined)[]; onChange: (links: string[]) => void }

/** Some addresses, each in a field of its own; empty ones are left out when they are saved. */
export function LinkFields({ links, problems, onChange }: Props) {
  const set = (at: number, link: string) => onChange(links.map((known, i) => (i === at ? link : known)))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-medium">{profileText('links')}</legend>
      <p className="text-sm text-text-3">{profileText('linksHint', { max: LINKS_MAX })}</p>
      {links.map((link, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field is what its place is.
        <div key={at} className="flex items-end gap-1">
          <div className="min-w-0 flex-1">
            <Field
              label={profileText('link', { number: at + 1 })}
              type="url"
              inputMode="url"
              value={link}
              maxLength={LINK_MAX}
              placeholder="https://"
              onChange={({ currentTarget }) => set(at, currentTarget.value)}
              error={problems[at]}
            />
          </div>
          <IconButton
            icon={X}
            label={profileText('linkRemove', { number: at + 1 })}
            onClick={() => onChange(links.filter((_, i) => i !== at))}
          />
        </div>
      ))}
      {links.length < LINKS_MAX && (
        <Button icon={Plus} onClick={() => onChange([...links, ''])} className="self-start">
          {profileText('linkAdd')}
        </Button>
      )}
    </fieldset>
  )
}

/** What is wrong with each, by its place. */
export const linkProblems = (links: readonly string[]): (string | undefined)[] =>
  links.map((link) => {
    const trimmed = link.trim()
    const isFine = trimmed === '' || (/^https:\/\/[^/@\s]+\.[^/@\s]+/i.test(trimmed) && URL.canParse(trimmed))
    return isFine ? undefined : profileText('linkRule')
  })
