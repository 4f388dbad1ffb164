import { AppError } from '../../src/core/errors.ts'
import type { Viewer } from '../../src/core/viewer.ts'

/** The account behind a call that the contract opens to accounts only; throws `unauthenticated` where there is none. */
export function accountOf(viewer: Viewer): NonNullable<Viewer['account']> {
  if (!viewer.account) throw new AppError('unauthenticated')
  return viewer.account
}
