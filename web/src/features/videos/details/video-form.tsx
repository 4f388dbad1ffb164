import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { languageName, languages } from '../../../format/regions.ts'
import { categoryText } from '../../../text/common.ts'
import { editText } from '../../../text/editing.ts'
import { videoText } from '../../../text/videos.ts'
import { Button } from '../../../ui/button.tsx'
import { CheckField, Field, FormError, focusFirstProblem, SelectField, TextArea } from '../../../ui/field.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { CATEGORIES } from '../../details/details.ts'
import type { OwnVideo } from '../use-own-videos.ts'
import { TimeFields, timeIn } from './time-fields.tsx'

const VISIBILITIES = {
  private: 'visibilityPrivate',
  unlisted: 'visibilityUnlisted',
  followers: 'visibilityFollowers',
  subscribers: 'visibilitySubscribers',
  paid: 'visibilityPaid',
  public: 'visibilityPublic',
} as const satisfies Record<OwnVideo['visibility'], string>

/** The server takes them from whoever has them for sale. */
const UNSOLD = ['subscribers', 'paid']

/** As the server takes them. */
const TITLE_MAX = 120
const DESCRIPTION_MAX = 5000

/** What a form says of a video, in the words of the contract. */
function detailsIn(form: FormData, video: OwnVideo) {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return {
    ...{ title: text('title'), description: text('description') },
    tags: text('tags')
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
    visibility: text('visibility') as OwnVideo['visibility'],
    category: text('category') as OwnVideo['category'],
    scheduledFor: timeIn(text('scheduledFor'), video),
    ...(form.has('hasPremiereChoice') && { isPremiere: form.get('isPremiere') === 'on' }),
    language: text('language') || null,
  }
}

const rulesIn = (form: FormData) => ({
  isAgeRestricted: form.get('isAgeRestricted') === 'on',
  areCommentsOn: form.get('areCommentsOn') === 'on',
})

type Props = {
  video: OwnVideo
  onSaved: (video: OwnVideo) => void
  /** Whether who may watch is asked here too, where there is no other page for it. */
  hasRules: boolean
}

/** Everything that an owner says of a video; what is typed stays while its upload goes on. */
export function VideoForm({ video, onSaved, hasRules }: Props) {
  const change = useApiChange('patch /api/videos/{videoId}')
  const toast = useToast()
  const [titleProblem, setTitleProblem] = useState<string>()
  const problems = fieldErrors(change.error)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const body = { ...detailsIn(fields, video), ...(hasRules && rulesIn(fields)) }
    setTitleProblem(body.title ? undefined : videoText('titleRule'))
    if (!body.title) return focusFirstProblem(form)
    change.mutate(
      { params: { videoId: video.id }, body },
      {
        onSuccess(changed) {
          toast({ title: videoText('saved') })
          onSaved(changed.video)
        },
        onError: () => focusFirstProblem(form),
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {change.error && <FormError>{errorText(change.error)}</FormError>}
      <Field
        label={videoText('title')}
        name="title"
        defaultValue={video.title}
        maxLength={TITLE_MAX}
        autoComplete="off"
        error={titleProblem ?? problems.title}
      />
      <TextArea
        label={videoText('description')}
        name="description"
        rows={4}
        defaultValue={video.description}
        maxLength={DESCRIPTION_MAX}
        hint={editText('chaptersHint')}
        error={problems.description}
      />
      <Choices video={video} timeProblem={problems.scheduledFor} />
      <Field
        label={videoText('tags')}
        name="tags"
        defaultValue={video.tags.join(', ')}
        hint={videoText('tagsHint')}
        autoComplete="off"
        error={problems.tags}
      />
      {hasRules && <Rules video={video} />}
      <Button type="submit" look="primary" isBusy={change.isPending} className="self-end">
        {videoText('save')}
      </Button>
    </form>
  )
}

function Rules({ video }: { video: OwnVideo }) {
  return (
    <>
      <CheckField
        label={videoText('ageRestricted')}
        hint={videoText('ageRestrictedHint')}
        name="isAgeRestricted"
        defaultChecked={video.isAgeRestricted}
      />
      <CheckField label={videoText('comments')} name="areCommentsOn" defaultChecked={video.areCommentsOn} />
    </>
  )
}

/** Who sees it, when, and where it is filed. */
function Choices({ video, timeProblem }: { video: OwnVideo; timeProblem: string | undefined }) {
  const { category, language } = video
  const [visibility, setVisibility] = useState(video.visibility)
  return (
    <div className="grid items-start gap-4 sm:grid-cols-2">
      <SelectField
        label={videoText('visibility')}
        name="visibility"
        value={visibility}
        onChange={(event) => setVisibility(event.target.value as OwnVideo['visibility'])}
        options={visibilityOptions(video.visibility)}
      />
      <SelectField
        label={videoText('category')}
        name="category"
        defaultValue={category}
        options={CATEGORIES.map((name) => ({ value: name, label: categoryText(name) }))}
      />
      <TimeFields video={video} visibility={visibility} error={timeProblem} />
      <SelectField
        label={editText('language')}
        name="language"
        defaultValue={language ?? ''}
        options={languageOptions(language)}
      />
    </div>
  )
}

/** What nobody can pay for yet is not offered; it is shown where a program has chosen it. */
const visibilityOptions = (chosen: OwnVideo['visibility']) =>
  Object.entries(VISIBILITIES)
    .filter(([value]) => value === chosen || !UNSOLD.includes(value))
    .map(([value, key]) => ({ value, label: videoText(key) }))

/** One that is not of the list may have been set by a program. */
function languageOptions(chosen: string | null) {
  const known = languages()
  const isOther = chosen !== null && !known.some(({ code }) => code === chosen)
  const all = isOther ? [{ code: chosen, name: languageName(chosen) }, ...known] : known
  return [
    { value: '', label: editText('languageNone') },
    ...all.map(({ code, name }) => ({ value: code, label: name })),
  ]
}
