import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Tx } from './db.ts'

/** A kind of background work: its name, the form of its payload, how often it is tried. */
export type JobSpec<Payload extends z.ZodType = z.ZodType> = {
  name: string
  payload: Payload
  /** Attempts before it counts as dead and waits for a person; back-off grows exponentially between them. */
  maxAttempts: number
  /** Jobs of a lower one go first; 0 without it. */
  priority?: number
}

/** A job with the function that does it; the jobs role runs these. */
export type JobHandler = {
  spec: JobSpec
  run: (payload: never) => Promise<void> /** crontab line, UTC */
  cron?: string
}

export const defineJob = <P extends z.ZodType>(spec: JobSpec<P>): JobSpec<P> => spec

export const handleJob = <P extends z.ZodType>(
  spec: JobSpec<P>,
  run: (payload: z.output<P>) => Promise<void>,
  cron?: string,
): JobHandler => ({ spec, run: run as JobHandler['run'], ...(cron && { cron }) })

/** Enqueues in the caller's transaction: the job exists exactly when the change does. `key` replaces an earlier one. */
export async function enqueue<P extends z.ZodType>(
  tx: Tx,
  spec: JobSpec<P>,
  payload: z.input<P>,
  options: { key?: string; runAt?: Date } = {},
): Promise<void> {
  const json = JSON.stringify(spec.payload.parse(payload))
  await tx.execute(sql`select graphile_worker.add_job(
    ${spec.name}, ${json}::json, run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${spec.maxAttempts}::int, job_key => ${options.key ?? null}::text, priority => ${spec.priority ?? 0}::int)`)
}
