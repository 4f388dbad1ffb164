import { CAPTION_LABEL_MAX } from '../../../contract/captions.ts'
import { Language } from '../../../contract/videos.ts'
import { cleanLine } from '../../../core/text.ts'
import type { CaptionsName } from './captions.repo.ts'

/** What captions are called where their owner did not say: their language, in that language. */
export function labelOf({ language, kind }: CaptionsName): string {
  const name = new Intl.DisplayNames([language, 'en'], { type: 'language' }).of(language) ?? language
  return `${language === 'und' ? 'Unknown language' : name}${kind === 'captions' ? ' (CC)' : ''}`
}

/** BCP 47 of what a file says of a track, which has codes of three letters (ISO 639-2) mostly; `und` where it says nothing. */
export const languageOf = (told: string | undefined): string => Language.safeParse(told).data ?? 'und'

/** What a file calls a track, fit to be shown; undefined where that is nothing. */
export const titleOf = (told: string | undefined): string | undefined =>
  cleanLine(told ?? '').slice(0, CAPTION_LABEL_MAX) || undefined
