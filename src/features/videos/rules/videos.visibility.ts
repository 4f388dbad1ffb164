import { AppError } from '../../../core/errors.ts'
import { mayView, type Relation, refusalBy, sightOf } from '../../safety/visibility.service.ts'
import type { VideoRow } from '../videos.repo.ts'
import type { VideoRules } from './rules.ts'

type Visibility = VideoRow['visibility']
type Shown = Pick<VideoRow, 'visibility' | 'state' | 'publishedAt' | 'deletedAt'>

/** The owner and staff see a video in every state, and no rule about watching stops them. */
export const isPrivileged = ({ isSelf, isStaff }: Relation): boolean => isSelf || isStaff

/** Whether a video has come out. */
export const isOut = ({ state, publishedAt }: Shown, nowMs: number): boolean =>
  state === 'ready' && publishedAt !== null && publishedAt.getTime() <= nowMs

/** Whether everybody may watch it, whoever they are and wherever, as long as its owner is not private. */
export const isForEverybody = (video: Shown & VideoRules, nowMs: number): boolean =>
  !video.deletedAt &&
  video.visibility === 'public' &&
  isOut(video, nowMs) &&
  !video.isAgeRestricted &&
  video.allowedCountries.length + video.deniedCountries.length === 0

/**
 * Why somebody does not see a video, by their relation with its owner: `not_found`, or `forbidden` with
 * `{ reason: 'blocked' }`; undefined where they do. Everything that shows one video asks here.
 */
export function refusalOf(video: Shown, relation: Relation, nowMs: number): AppError | undefined {
  if (video.deletedAt) return new AppError('not_found')
  if (isPrivileged(relation)) return undefined
  const unseen = refusalBy(sightOf(relation))
  if (unseen) return unseen
  const isTheirs = mayView(relation, 'all') && isOut(video, nowMs) && isOpenTo(video.visibility, relation)
  return isTheirs ? undefined : new AppError('not_found')
}

/** Whose eyes a video is for, of those who see what its owner makes. */
const isOpenTo = (visibility: Visibility, { isFollowing }: Relation): boolean =>
  visibility === 'public' || visibility === 'unlisted' || (visibility === 'followers' && isFollowing)

/** Which videos a channel lists for somebody, of those that are out; none where what the owner makes is not theirs to see. */
export function listedFor(relation: Relation): Visibility[] {
  if (!mayView(relation, 'all')) return []
  const isInside = isPrivileged(relation) || relation.isFollowing
  return isInside ? ['public', 'followers'] : ['public']
}

/**
 * When a video came or will come out, as its owner wants it now; null while it is not to. What was out before keeps its
 * time, also while it is hidden in between.
 */
export function publishedAtOf(
  { state, visibility, publishedAt, scheduledFor }: Omit<Shown, 'deletedAt'> & Pick<VideoRow, 'scheduledFor'>,
  now: Date,
): Date | null {
  const formerly = publishedAt && publishedAt <= now ? publishedAt : null
  if (state !== 'ready' || visibility === 'private') return formerly
  if (scheduledFor && scheduledFor > now) return scheduledFor
  return formerly ?? now
}
