import { X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { errorText } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { countries, countryName } from '../../../format/regions.ts'
import { editText } from '../../../text/editing.ts'
import { videoText } from '../../../text/videos.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField, FormError, SelectField } from '../../../ui/field.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import type { OwnVideo } from '../use-own-videos.ts'

type Where = 'everywhere' | 'onlyThere' | 'notThere'
const WHERES: readonly Where[] = ['everywhere', 'onlyThere', 'notThere']

const whereOf = ({ allowedCountries, deniedCountries }: OwnVideo): Where =>
  allowedCountries.length > 0 ? 'onlyThere' : deniedCountries.length > 0 ? 'notThere' : 'everywhere'

type Props = { video: OwnVideo; onSaved: (video: OwnVideo) => void }

/** Who may watch a video and where, and whether they may speak about it. */
export function RulesForm({ video, onSaved }: Props) {
  const change = useApiChange('patch /api/videos/{videoId}')
  const toast = useToast()
  const [where, setWhere] = useState(whereOf(video))
  const [chosen, setChosen] = useState([...video.allowedCountries, ...video.deniedCountries])
  const [isNoneChosen, setIsNoneChosen] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const isMissing = where !== 'everywhere' && chosen.length === 0
    setIsNoneChosen(isMissing)
    if (isMissing) return
    const body = {
      isAgeRestricted: form.get('isAgeRestricted') === 'on',
      areCommentsOn: form.get('areCommentsOn') === 'on',
      allowedCountries: where === 'onlyThere' ? chosen : [],
      deniedCountries: where === 'notThere' ? chosen : [],
    }
    change.mutate(
      { params: { videoId: video.id }, body },
      {
        onSuccess(changed) {
          toast({ title: editText('saved') })
          onSaved(changed.video)
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      {change.error && <FormError>{errorText(change.error)}</FormError>}
      <CheckField
        label={videoText('ageRestricted')}
        hint={videoText('ageRestrictedHint')}
        name="isAgeRestricted"
        defaultChecked={video.isAgeRestricted}
      />
      <CheckField label={videoText('comments')} name="areCommentsOn" defaultChecked={video.areCommentsOn} />
      <SelectField
        label={editText('whereTitle')}
        value={where}
        onChange={({ currentTarget }) => setWhere(currentTarget.value as Where)}
        options={WHERES.map((value) => ({ value, label: editText(value) }))}
      />
      {where !== 'everywhere' && (
        <Countries {...{ chosen, onChange: setChosen }} hasProblem={isNoneChosen && chosen.length === 0} />
      )}
      <Button type="submit" look="primary" isBusy={change.isPending} className="self-end">
        {editText('save')}
      </Button>
    </form>
  )
}

type CountriesProps = { chosen: string[]; onChange: (chosen: string[]) => void; hasProblem: boolean }

function Countries({ chosen, onChange, hasProblem }: CountriesProps) {
  const left = countries().filter(({ code }) => !chosen.includes(code))
  return (
    <div className="flex flex-col gap-3">
      {chosen.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {chosen.map((code) => {
            const country = countryName(code)
            return (
              <li
                key={code}
                className="flex h-9 items-center gap-1 rounded-full bg-surface-2 pr-1 pl-3 text-sm font-medium"
              >
                {country}
                <button
                  type="button"
                  aria-label={editText('removeCountry', { country })}
                  onClick={() => onChange(chosen.filter((known) => known !== code))}
                  className="grid size-7 place-items-center rounded-full text-text-2 hover:bg-surface-3 hover:text-text-1"
                >
                  <X aria-hidden size={16} />
                </button>
              </li>
            )
          })}
        </ul>
      )}
      <SelectField
        label={editText('addCountry')}
        value=""
        aria-invalid={hasProblem || undefined}
        onChange={({ currentTarget }) => currentTarget.value && onChange([...chosen, currentTarget.value])}
        options={[
          { value: '', label: editText('chooseCountry') },
          ...left.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
      {hasProblem && (
        <p role="alert" className="text-sm text-danger">
          {editText('countryRule')}
        </p>
      )}
      <p className="text-sm text-text-3">{editText('countriesHint')}</p>
    </div>
  )
}
