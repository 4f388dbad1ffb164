import { type StoredPicture, users } from '../../drizzle/schema/accounts.ts'

/** Somebody as others see them wherever a name stands; in the contract: `Person`. */
export type PersonRow = { id: string; handle: string; displayName: string; avatar: StoredPicture | null }

/** The columns that every read of people selects, so that nobody's picture needs a read of its own. */
export const personColumns = {
  id: users.id,
  handle: users.handle,
  displayName: users.displayName,
  avatar: users.avatar,
}
