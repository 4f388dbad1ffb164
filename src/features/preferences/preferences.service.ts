import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { preferences } from '../../../drizzle/schema/index.ts'
import type { preferences as contract } from '../../contract/preferences.ts'
import type { Database, Tx } from '../../infra/db.ts'

type Routes = (typeof contract)['routes']
type Changes = z.output<Routes['setPreferences']['body']>
type Preferences = z.output<Routes['getPreferences']['response']>['preferences']
type Row = Pick<
  typeof preferences.$inferSelect,
  'language' | 'autoplay' | 'sensitiveContent' | 'mutedNotifications' | 'keepsHistory'
>

/** Of somebody who never chose anything; the same as the defaults of the table. */
const DEFAULTS: Row = {
  ...{ language: null, autoplay: true, sensitiveContent: 'blur', mutedNotifications: [] },
  keepsHistory: true,
}

/** How people want the platform. `mutedNotifications` is heeded where notifications are written. */
export function createPreferencesService({ db }: { db: Database }) {
  async function rowOf(orm: Database['orm'] | Tx, userId: string): Promise<Row> {
    const [row] = await orm.select().from(preferences).where(eq(preferences.userId, userId))
    return row ?? DEFAULTS
  }

  return {
    of: async (userId: string): Promise<Preferences> => toPreferences(await rowOf(db.orm, userId)),

    /** Changes what is given. */
    set(userId: string, { notifications, ...changes }: Changes): Promise<Preferences> {
      return db.withTx(async (tx) => {
        await tx.insert(preferences).values({ userId }).onConflictDoNothing()
        const [locked] = await tx
          .select()
          .from(preferences)
          .where(eq(preferences.userId, userId))
          .for('update')
        const before = locked ?? DEFAULTS
        const wished = { ...toPreferences(before).notifications, ...given(notifications ?? {}) }
        const mutedNotifications = Object.entries(wished).flatMap(([kind, isOn]) => (isOn ? [] : [kind]))
        const values = { ...given(changes), mutedNotifications }
        await tx
          .update(preferences)
          .set({ ...values, updatedAt: new Date() })
          .where(eq(preferences.userId, userId))
        return toPreferences({ ...before, ...values })
      })
    },
  }
}

export type PreferencesService = ReturnType<typeof createPreferencesService>

const toPreferences = ({ mutedNotifications: muted, ...row }: Row) => ({
  ...{ language: row.language, autoplay: row.autoplay, sensitiveContent: row.sensitiveContent },
  keepsHistory: row.keepsHistory,
  notifications: { follow: !muted.includes('follow'), live: !muted.includes('live') },
})

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the fields that were left out. */
const given = <T extends object>(changes: T) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Given<T>
