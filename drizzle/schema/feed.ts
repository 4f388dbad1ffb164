import { index, pgEnum, pgTable, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { users } from './accounts.ts'
import { linkedAt, primaryId } from './columns.ts'

export const activityKind = pgEnum('activity_kind', ['broadcast_live', 'broadcast_scheduled'])

/** What people did that their followers may want to know; merged into a feed when it is read. */
export const activities = pgTable(
  'activities',
  {
    id: primaryId(),
    actorId: uuid('actor_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: activityKind('kind').notNull(),
    /** The broadcast. */
    subjectId: uuid('subject_id').notNull(),
    createdAt: linkedAt(),
  },
  (t) => [
    // Each thing is told once, however often its state changes.
    uniqueIndex('activities_subject_key').on(t.subjectId, t.kind),
    index('activities_actor_idx').on(t.actorId, t.createdAt, t.id),
  ],
)
