import { AUDIT_FIELDS, type AuditField } from '../../../../../src/core/access/audit-actions.ts'
import { formatExact } from '../../../format/time.ts'
import { adminText, auditFieldText, auditStateText } from '../../../text/admin.ts'
import { scopeText, upgradeText } from '../../../text/standing.ts'
import { roleText } from '../role-text.ts'
import type { AuditEntry } from '../staff.ts'

/** What a line of the log tells of how it was and is, in words: `Role: Member → Moderator`, `Name: Chat bot`. */
export function changesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => {
    const field = labelOf(key)
    const [was, is] = [before, after].map((state) => (key in state ? wordsOf(key, state[key]) : undefined))
    if (was === undefined || is === undefined || was === is)
      return adminText('told', { field, value: is ?? was ?? '' })
    return adminText('changed', { field, before: was, after: is })
  })
}

const isKnown = (key: string): key is AuditField => (AUDIT_FIELDS as readonly string[]).includes(key)

/** The log is kept for ever: what it had a name for once is shown by that name. */
const labelOf = (key: string): string => (isKnown(key) ? auditFieldText(key) : key)

/** How values of fields are told that are not told as they are. */
const WORDS: { [field in AuditField]?: (value: never) => string } = {
  state: auditStateText,
  role: roleText,
  kind: upgradeText,
  scopes: (scopes: Parameters<typeof scopeText>[0][]) =>
    scopes.map((scope) => told(scopeText, scope)).join(', '),
  until: formatExact,
  expiresAt: formatExact,
  eraseAt: formatExact,
}

function wordsOf(key: string, value: unknown): string {
  if (value === null || value === undefined) return adminText(key === 'until' ? 'forEverShort' : 'nothing')
  const words = isKnown(key) ? WORDS[key] : undefined
  if (words) return told(words, value as never)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** A value that there is no word for any more is told as it stands. */
function told<V>(words: (value: V) => string, value: V): string {
  try {
    return words(value)
  } catch {
    return String(value)
  }
}
