import { AppError } from '../../../core/errors.ts'
import { mayView, type Relation, refusalBy, sightOf } from '../../safety/visibility.service.ts'
import type { VideoRow } from '../videos.repo.ts'
import { waitsUntil } from './premieres.ts'
import type { VideoRules } from './rules.ts'

type Visibility = VideoRow['visibility']
type Shown = Pick<VideoRow, 'visibility' | 'state' | 'publishedAt' | 'deletedAt'>

/** The owner and staff see a video in every state, and no rule about watching stops them. */
export const isPrivileged = ({ isSelf, isStaff }: Relation): boolean => isSelf || isStaff

/** A video whose page may be there before its files. */
type Announced = Shown & Pick<VideoRow, 'isPremiere' | 'scheduledFor' | 'durationMs'>

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
 * `{ reason: 'blocked' }`; undefined where they do. Everything that shows one video asks here. A premiere that waits is
 * seen as it will be at its time; that its files are shut until then is asked of `isShutUntil`.
 */
export function refusalOf(video: Announced, relation: Relation, nowMs: number): AppError | undefined {
  if (video.deletedAt) return new AppError('not_found')
  if (isPrivileged(relation)) return undefined
  const unseen = refusalBy(sightOf(relation))
  if (unseen) return unseen
  const isThere = isOut(video, nowMs) || waitsUntil(video, nowMs) !== undefined
  const isTheirs = mayView(relation, 'all') && isThere && isOpenTo(video.visibility, relation)
  return isTheirs ? undefined : new AppError('not_found')
}

/** Until when somebody who sees a video gets nothing of it but its page and its poster; undefined where they get everything. */
export const isShutUntil = (video: Announced, relation: Relation, nowMs: number): number | undefined =>
  isPrivileged(relation) ? undefined : waitsUntil(video, nowMs)

/**
 * Whether the chat of the channel goes with a premiere: where all who read that chat may watch it too. Beside one for
 * followers, whatever is said of it would be read by everybody, unless the channel is for followers as well; and one that is
 * unlisted would be known to all of the channel.
 */
export const isChatOf = (
  { visibility }: Pick<VideoRow, 'visibility'>,
  { isPrivate }: Pick<Relation, 'isPrivate'>,
): boolean => visibility === 'public' || (visibility === 'followers' && isPrivate)

/** For whoever has the address; what is sold is refused by the rule that says so, as there is something to be done about it. */
const OPEN: ReadonlySet<Visibility> = new Set(['public', 'unlisted', 'subscribers', 'paid'])

/** Whose eyes a video is for, of those who see what its owner makes. */
const isOpenTo = (visibility: Visibility, { isFollowing }: Relation): boolean =>
  OPEN.has(visibility) || (visibility === 'followers' && isFollowing)

/** Which videos a channel lists for somebody, of those that are out; none where what the owner makes is not theirs to see. */
export function listedFor(relation: Relation): Visibility[] {
  if (!mayView(relation, 'all')) return []
  if (isPrivileged(relation)) return ['public', 'followers', 'subscribers', 'paid']
  return relation.isFollowing ? ['public', 'followers'] : ['public']
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
