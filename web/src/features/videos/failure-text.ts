import { formatSize } from '../../format/number.ts'
import { videoText } from '../../text/videos.ts'
import { reasonOf, type UploadFailure } from './sending/upload-failure.ts'

/** Why an upload stopped, in a sentence for whoever sends it. */
export function failureText(failure: UploadFailure): string {
  const { code, message, details } = failure
  const size = (name: string) => formatSize(Number(details[name] ?? 0))
  if (code === undefined || code === 'unavailable') return videoText('connectionLost')
  if (code === 'unauthenticated') return videoText('signedOut')
  if (code === 'not_found' || code === 'expired') return videoText('uploadGone')
  const reason = reasonOf(failure)
  if (reason === 'quota') return videoText('noRoom', { used: size('usedBytes'), quota: size('quotaBytes') })
  if (reason === 'file') return videoText('fileTooLarge', { max: size('maxBytes') })
  if (reason === 'uploads') return videoText('tooManyUploads', { max: Number(details.max) })
  return message ?? videoText('uploadFailed')
}
