import { AppError } from '../errors.ts'

/** A place in a list that is ordered by time, and by id where times are equal. */
export type Place = { at: Date; id: string }

const FORM = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** A place as an opaque text for the outside. */
export const toCursor = ({ at, id }: Place): string =>
  btoa(`${at.getTime()}.${id}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** The place that a cursor stands for; undefined without one. Throws `invalid_input` for a text that is none. */
export function fromCursor(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined
  const [, ms, id] = FORM.exec(decoded(cursor)) ?? []
  if (ms === undefined || id === undefined) {
    throw new AppError('invalid_input', undefined, {
      issues: [{ path: 'cursor', message: 'This is no cursor of this list.' }],
    })
  }
  return { at: new Date(Number(ms)), id }
}

function decoded(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}

/** A page out of rows that were read one beyond `limit`, and where the next one begins. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): { rows: Row[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { rows: kept, nextCursor: last && rows.length > limit ? toCursor(placeOf(last)) : null }
}
