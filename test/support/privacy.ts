import type { CallName } from '../../src/contract/index.ts'
import type { Person } from './person.ts'

/** Of an account that never changed anything. */
export const OPEN = {
  isPrivate: false,
  comments: 'everyone',
  mentions: 'everyone',
  messages: 'everyone',
} as const

/** A call that is about one account. */
export const call = (who: Pick<Person, 'connection'>, name: CallName, whom: string) =>
  who.connection.call(name, { accountId: whom } as never) as Promise<object>

/** Everything as at the beginning but for this. */
export const setPrivacy = (who: Person, change: Partial<Record<keyof typeof OPEN, unknown>>) =>
  who.api.request('put /api/account/privacy', { body: { ...OPEN, ...change } as typeof OPEN })
