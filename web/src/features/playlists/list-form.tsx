import { useState } from 'react'
import { errorText } from '../../data/error-text.ts'
import { playlistText } from '../../text/playlists.ts'
import { Button } from '../../ui/button.tsx'
import { Field, FormError, focusFirstProblem, SelectField, TextArea } from '../../ui/field.tsx'
import type { Playlist, Visibility } from './list-name.ts'

type Details = Pick<Playlist, 'title' | 'description' | 'visibility'>
type Props = {
  list?: Details
  submit: string
  isBusy: boolean
  error: Error | null
  onSubmit: (details: Details) => void
}

/** As the server has it: contract/playlists.ts. */
const TITLE_MAX = 100
const DESCRIPTION_MAX = 1000
const VISIBILITIES: readonly Visibility[] = ['public', 'unlisted', 'private']
const EMPTY: Details = { title: '', description: '', visibility: 'private' }

/** What a list is called and who may see it. */
export function ListForm({ list = EMPTY, submit, isBusy, error, onSubmit }: Props) {
  const [details, setDetails] = useState(list)
  const [isTried, setIsTried] = useState(false)
  const isNameless = details.title.trim() === ''
  const change = (more: Partial<Details>) => setDetails({ ...details, ...more })
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setIsTried(true)
        if (isNameless) focusFirstProblem(event.currentTarget)
        else onSubmit(details)
      }}
    >
      <Field
        label={playlistText('name')}
        value={details.title}
        maxLength={TITLE_MAX}
        error={isTried && isNameless ? playlistText('nameMissing') : undefined}
        onChange={({ target }) => change({ title: target.value })}
      />
      <TextArea
        label={playlistText('description')}
        value={details.description}
        maxLength={DESCRIPTION_MAX}
        rows={3}
        onChange={({ target }) => change({ description: target.value })}
      />
      <SelectField
        label={playlistText('whoSees')}
        value={details.visibility}
        options={VISIBILITIES.map((value) => ({ value, label: playlistText(`is_${value}`) }))}
        onChange={({ target }) => change({ visibility: target.value as Visibility })}
      />
      {error && <FormError>{errorText(error)}</FormError>}
      <Button type="submit" look="primary" isBusy={isBusy}>
        {submit}
      </Button>
    </form>
  )
}
