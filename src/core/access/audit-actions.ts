/** Everything that is written into the audit log. Pages have words for each of them; one that has none does not compile. */
export const AUDIT_ACTIONS = [
  'account.suspend',
  'account.ban',
  'account.lift',
  'account.role',
  'account.upgrade',
  'token.create',
  'token.revoke',
  'account.delete',
  'account.keep',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** What lines of the log tell of how it was before and is after; times are milliseconds since the epoch. */
export const AUDIT_FIELDS = [
  'state',
  'until',
  'role',
  'kind',
  'name',
  'scopes',
  'expiresAt',
  'tokenId',
  'eraseAt',
] as const
export type AuditField = (typeof AUDIT_FIELDS)[number]
