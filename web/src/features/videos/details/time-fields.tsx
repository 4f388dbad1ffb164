import { useState } from 'react'
import { useNow } from '../../../data/use-now.ts'
import { formatExact, toLocalInput } from '../../../format/time.ts'
import { editText } from '../../../text/editing.ts'
import { premiereText } from '../../../text/premieres.ts'
import { videoText } from '../../../text/videos.ts'
import { CheckField, Field } from '../../../ui/field.tsx'
import type { OwnVideo } from '../use-own-videos.ts'
import { isOut, sentenceOf } from './premiere-sentence.ts'

/** Times are chosen by the minute. */
const TICK_MS = 10_000

type Props = { video: OwnVideo; visibility: OwnVideo['visibility']; error: string | undefined }

/** When a video comes out, whether as a premiere, and in a sentence what that means. */
export function TimeFields({ video, visibility, error }: Props) {
  const { scheduledFor, isPremiere: wasPremiere } = video
  const [when, setWhen] = useState(scheduledFor === null ? '' : toLocalInput(scheduledFor))
  const [isPremiere, setIsPremiere] = useState(wasPremiere)
  const nowMs = useNow(TICK_MS)
  const wish = { isPremiere, at: timeIn(when, video), visibility }
  return (
    <div className="flex flex-col gap-3">
      <Field
        label={videoText('scheduledFor')}
        name="scheduledFor"
        type="datetime-local"
        value={when}
        onChange={(event) => setWhen(event.target.value)}
        hint={editText('timeZone', { zone: timeZone() })}
        error={error}
      />
      {!isOut(video, nowMs) && (
        <>
          {/* Said apart from the box, which says nothing where it is not ticked. */}
          <input type="hidden" name="hasPremiereChoice" value="yes" />
          <CheckField
            label={premiereText('asPremiere')}
            hint={premiereText('asPremiereHint')}
            name="isPremiere"
            checked={isPremiere && wish.at !== null}
            disabled={wish.at === null}
            onChange={(event) => setIsPremiere(event.target.checked)}
          />
          <Sentence video={video} wish={wish} nowMs={nowMs} />
        </>
      )}
    </div>
  )
}

type SentenceProps = { video: OwnVideo; wish: Parameters<typeof sentenceOf>[1]; nowMs: number }

function Sentence({ video, wish, nowMs }: SentenceProps) {
  const key = sentenceOf(video, wish, nowMs)
  const when = wish.at === null ? '' : formatExact(wish.at)
  const hasPage = key === 'planned' || key === 'kept' || key === 'moved'
  return (
    <p
      role="status"
      data-testid="premiere-sentence"
      className="rounded-sm bg-surface-2 p-3 text-sm text-pretty"
    >
      {premiereText(key, { when })}{' '}
      {hasPage && premiereText(wish.visibility === 'public' ? 'withChat' : 'withoutChat')}
    </p>
  )
}

/** The field knows minutes: what was not touched keeps its seconds. */
export function timeIn(when: string, { scheduledFor }: Pick<OwnVideo, 'scheduledFor'>): number | null {
  if (when === '') return null
  return scheduledFor !== null && toLocalInput(scheduledFor) === when
    ? scheduledFor
    : new Date(when).getTime()
}

const timeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
