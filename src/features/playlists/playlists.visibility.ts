import { AppError } from '../../core/errors.ts'
import { mayView, type Relation, refusalBy, sightOf } from '../safety/visibility.service.ts'
import type { PlaylistRow } from './playlists.repo.ts'

type Shown = Pick<PlaylistRow, 'kind' | 'visibility' | 'deletedAt'>

/**
 * Why somebody does not see a list, by their relation with its owner: `not_found`, or `forbidden` with
 * `{ reason: 'blocked' }`; undefined where they do. Of the videos in it this says nothing. What somebody wants to watch later is
 * nobody's business, and not staff's either.
 */
export function refusalOf({ kind, visibility, deletedAt }: Shown, relation: Relation): AppError | undefined {
  if (deletedAt) return new AppError('not_found')
  if (relation.isSelf) return undefined
  if (kind === 'watch_later') return new AppError('not_found')
  if (relation.isStaff) return undefined
  const unseen = refusalBy(sightOf(relation))
  if (unseen) return unseen
  return mayView(relation, 'all') && visibility !== 'private' ? undefined : new AppError('not_found')
}
