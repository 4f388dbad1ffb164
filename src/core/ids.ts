import { v7 } from 'uuid'

declare const brand: unique symbol
/** A string that only the right kind of id satisfies. */
export type Branded<T, Name extends string> = T & { readonly [brand]?: Name }

export type UserId = Branded<string, 'UserId'>

/** A new row id: UUIDv7 (RFC 9562), so that ids made later sort later and indexes stay dense. */
export const newId = <T extends string = string>(): T => v7() as T

/** Whether a text is a UUID: asking PostgreSQL for one that is none would fail. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
