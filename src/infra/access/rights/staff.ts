import { type SQL, sql } from 'drizzle-orm'
import { STAFF_ROLES } from '../../../core/access/permissions.ts'
import { listOf } from '../../db.ts'

/**
 * Who acts as staff, as statements ask for it; the one place that knows that a role alone is not enough
 * (docs/decisions/018-staff-by-two-factors.md). Every connection of ours tells the database what STAFF_SECOND_FACTOR says; one
 * that tells nothing is answered as if it were on.
 */
const IS_SECOND_FACTOR_ASKED = sql`coalesce(current_setting('social_flow.staff_second_factor', true), '') <> 'off'`

const hasSecondFactor = (accountId: SQL): SQL =>
  sql`(exists (select 1 from totp_secrets app where app.user_id = ${accountId})
    or exists (select 1 from passkeys key where key.user_id = ${accountId}))`

const hasStaffRole = (role: SQL): SQL => sql`${role} in (${listOf(STAFF_ROLES)})`

/** Whether an account has a role whose powers wait for a second factor. */
export const waitsForSecondFactorSql = (accountId: SQL, role: SQL): SQL<boolean> =>
  sql`(${hasStaffRole(role)} and ${IS_SECOND_FACTOR_ASKED} and not ${hasSecondFactor(accountId)})`

/** Whether an account acts as a moderator or admin of the whole site. */
export const actsAsStaffSql = (accountId: SQL): SQL =>
  sql`exists (select 1 from users staff where staff.id = ${accountId} and ${hasStaffRole(sql`staff.role`)}
    and not ${waitsForSecondFactorSql(sql`staff.id`, sql`staff.role`)})`

/** Whether a passkey is asked of an account whenever it signs in with something else, as it would be an app's code. */
export const mustProveTwiceSql = (accountId: SQL): SQL<boolean> =>
  sql`(${actsAsStaffSql(accountId)} and ${IS_SECOND_FACTOR_ASKED})`
