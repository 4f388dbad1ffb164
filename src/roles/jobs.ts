import { accountJobs } from '../features/accounts/accounts.jobs.ts'
import { chatJobs } from '../features/chat/chat.jobs.ts'
import { startJobRunner } from '../infra/job-runner.ts'
import { createSmtpMailer } from '../infra/mail.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import type { Services } from './services.ts'

/** Jobs that wait for others (mail, the database) rather than compute: a few at once keep a small queue moving. */
const CONCURRENCY = 4

/** The jobs role: background work, tried again until it is done or a person must look. */
export async function startJobs(
  platform: Platform,
  database: PlatformDatabase,
  services: Services,
): Promise<void> {
  const { config, log, clock, disposal } = platform
  const mailer = config.SMTP_URL
    ? createSmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM })
    : services.inbox
  const handlers = [
    ...accountJobs({ db: database.db, mailer, sessions: services.sessions, clock }),
    ...chatJobs(database.db),
  ]
  disposal.use(await startJobRunner({ url: database.appUrl, handlers, log, concurrency: CONCURRENCY }))
}
