import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Database } from '../../infra/db.ts'
import { defineJob, handleJob, type JobHandler } from '../../infra/jobs.ts'

/** So many months of partitions are there ahead of time; were the job to fail, there is as long to notice. */
const MONTHS_AHEAD = 3
/** Once a day at a quiet hour. */
const CRON = '41 3 * * *'

const makePartitions = defineJob({ name: 'chat.partitions', payload: z.unknown(), maxAttempts: 25 })

/** Makes the coming months' partitions of the chat; does nothing where they are there. */
export async function ensureChatPartitions(db: Database): Promise<void> {
  await db.orm.execute(sql`select ensure_chat_partitions(${MONTHS_AHEAD}::int)`)
}

export const chatJobs = (db: Database): JobHandler[] => [
  handleJob(makePartitions, () => ensureChatPartitions(db), CRON),
]
