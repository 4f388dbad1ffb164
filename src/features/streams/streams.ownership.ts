import { can } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import type { Viewer } from '../../core/viewer.ts'
import { sqlState } from '../../infra/db.ts'
import type { OwnedBroadcast, StreamsRepo } from './streams.repo.ts'

/** The live page of an account; throws `not_found` where it has none. */
export async function pageOf(repo: Pick<StreamsRepo, 'ownedBy'>, ownerId: string) {
  const page = await repo.ownedBy(ownerId)
  if (!page) throw new AppError('not_found')
  return page
}

/** A broadcast that somebody may change; throws `not_found` for all others. */
export async function ownBroadcast(
  repo: Pick<StreamsRepo, 'find'>,
  viewer: Viewer,
  broadcastId: string,
): Promise<OwnedBroadcast> {
  const found = await repo.find(broadcastId)
  if (!found || !can(viewer, 'broadcast:edit', { ownerId: found.owner.id })) throw new AppError('not_found')
  return found
}

/** Turns the database's word that a stream has a broadcast on air into ours. */
export function asOnAirConflict(error: unknown): never {
  if (sqlState(error) !== '23505') throw error
  throw new AppError('conflict', 'A broadcast of yours is on air already; end it first or go on with it.', {
    reason: 'on_air',
  })
}
