import { expect, test } from 'vitest'
import { AUDIT_ACTIONS, AUDIT_FIELDS } from '../../../../../src/core/access/audit-actions.ts'
import { formatExact } from '../../../format/time.ts'
import { auditActionText, auditFieldText } from '../../../text/admin.ts'
import { changesOf } from './audit-changes.ts'

test('everything that the code writes into the log has a label of its own, which is no key', () => {
  for (const keys of [AUDIT_ACTIONS.map(auditActionText), AUDIT_FIELDS.map(auditFieldText)]) {
    for (const label of keys) expect(label).toMatch(/^[A-Z][A-Za-z ]+$/)
    expect(new Set(keys).size).toBe(keys.length)
  }
})

const AT_MS = Date.UTC(2026, 10, 22, 12)

test.each([
  ['a role', { role: 'member' }, { role: 'moderator' }, ['Role: Member → Moderator']],
  [
    'a suspension',
    { state: 'free' },
    { state: 'suspended', until: AT_MS },
    ['State: Nothing stands against it → Suspended', `Until: ${formatExact(AT_MS)}`],
  ],
  ['a ban that was lifted', { state: 'banned', until: null }, {}, ['State: Banned', 'Until: for ever']],
  [
    'an upgrade',
    { kind: 'advertiser', state: 'pending' },
    { kind: 'advertiser', state: 'granted' },
    ['Upgrade: Advertiser', 'State: Waiting → Granted'],
  ],
  [
    'a token',
    {},
    { name: 'Chat bot', scopes: ['read', 'chat:write'] },
    ['Name: Chat bot', 'May: Read what you can see, Write in chats'],
  ],
  ['nothing', {}, {}, []],
])('%s is told in words', (_what, before, after, expected) => {
  expect(changesOf({ before, after })).toEqual(expected)
})

test('what the log once had a word for is told as it stands', () => {
  const before = { colour: 'red', role: 'owner', scopes: ['fly'] }
  expect(changesOf({ before, after: { role: 'member', list: { a: 1 } } })).toEqual([
    'colour: red',
    'Role: owner → Member',
    'May: fly',
    'list: {"a":1}',
  ])
})
