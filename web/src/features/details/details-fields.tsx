import { categoryText } from '../../text/common.ts'
import { studio } from '../../text/studio.ts'
import { Field, SelectField } from '../../ui/field.tsx'
import { CATEGORIES, type Details, TITLE_MAX, VISIBILITIES } from './details.ts'

const VISIBILITY_TEXTS = {
  public: ['visibilityPublic', 'visibilityPublicHint'],
  unlisted: ['visibilityUnlisted', 'visibilityUnlistedHint'],
  followers: ['visibilityFollowers', 'visibilityFollowersHint'],
} as const

type Props = { details: Details; onChange: (details: Details) => void; titleProblem?: string | undefined }

/** Title, category and visibility. */
export function DetailsFields({ details, onChange, titleProblem }: Props) {
  return (
    <>
      <Field
        label={studio('titleField')}
        placeholder={studio('titlePlaceholder')}
        value={details.title}
        maxLength={TITLE_MAX}
        error={titleProblem}
        onChange={(event) => onChange({ ...details, title: event.target.value })}
      />
      <div className="grid grid-cols-2 gap-3">
        <SelectField
          label={studio('category')}
          value={details.category}
          onChange={(event) => onChange({ ...details, category: event.target.value as Details['category'] })}
          options={CATEGORIES.map((name) => ({ value: name, label: categoryText(name) }))}
        />
        <SelectField
          label={studio('visibility')}
          value={details.visibility}
          onChange={(event) =>
            onChange({ ...details, visibility: event.target.value as Details['visibility'] })
          }
          options={VISIBILITIES.map((name) => ({
            value: name,
            label: studio(VISIBILITY_TEXTS[name][0]),
          }))}
        />
      </div>
      <p role="status" className="-mt-2 text-sm text-pretty text-text-2">
        {studio(VISIBILITY_TEXTS[details.visibility][1])}
      </p>
    </>
  )
}
