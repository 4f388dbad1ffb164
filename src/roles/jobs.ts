import { accountJobs } from '../features/accounts/accounts.jobs.ts'
import { chatJobs } from '../features/chat/chat.jobs.ts'
import { notificationJobs } from '../features/notifications/notifications.jobs.ts'
import { safetyJobs } from '../features/safety/safety.jobs.ts'
import { socialJobs } from '../features/social/social.jobs.ts'
import { startJobRunner } from '../infra/job-runner.ts'
import { createSmtpMailer } from '../infra/mail.ts'
import type { Platform, PlatformDatabase } from './platform.ts'
import type { Services } from './services.ts'

/** Jobs that wait for others (mail, the database) rather than compute: a few at once keep a small queue moving. */
const CONCURRENCY = 4
/** Most jobs end within seconds; one that does not is done by another process, from its beginning. */
const FINISH_MS = 15_000

type Deps = {
  platform: Platform
  database: PlatformDatabase
  services: Services
  crashPoint: (name: string) => void
}

/** The jobs role: background work, tried again until it is done or a person must look. */
export async function startJobs({ platform, database, services, crashPoint }: Deps): Promise<void> {
  const { config, log, clock, metrics, life, disposal } = platform
  const { db, appUrl: url } = database
  const { social, streams, notifications, notificationsRepo: repo } = services
  const mailer = config.SMTP_URL
    ? createSmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM })
    : services.inbox
  const handlers = [
    ...accountJobs({ db, mailer, sessions: services.sessions, clock }),
    ...chatJobs(db),
    ...socialJobs({ db, log }),
    ...safetyJobs(services),
    ...notificationJobs({ db, repo, social, streams, notifications, clock, crashPoint }),
  ]
  const options = { url, handlers, log, concurrency: CONCURRENCY, observe: metrics.job }
  const runner = disposal.use(await startJobRunner(options))
  life.onEnding(() => runner.drain(FINISH_MS))
}
