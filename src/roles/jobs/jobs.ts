import { accountJobs } from '../../features/accounts/accounts.jobs.ts'
import { chatJobs } from '../../features/chat/chat.jobs.ts'
import { dataJobs } from '../../features/data/data.jobs.ts'
import { notificationJobs } from '../../features/notifications/notifications.jobs.ts'
import { playlistJobs } from '../../features/playlists/playlists.jobs.ts'
import { profileJobs } from '../../features/profiles/profiles.jobs.ts'
import { safetyJobs } from '../../features/safety/safety.jobs.ts'
import { pendingJobs } from '../../features/second-factor/second-factor.jobs.ts'
import { socialJobs } from '../../features/social/social.jobs.ts'
import { queueRun } from '../../features/transcoding/transcoding.service.ts'
import { videoJobs } from '../../features/videos/videos.jobs.ts'
import { viewJobs } from '../../features/views/views.jobs.ts'
import { startJobRunner } from '../../infra/job-runner/job-runner.ts'
import { createSmtpMailer } from '../../infra/messages/mail.ts'
import { createSmsSender } from '../../infra/messages/sms.ts'
import type { Platform, PlatformDatabase } from '../platform.ts'
import type { Services } from '../services.ts'
import { startTranscoding } from './transcoding.ts'

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

/**
 * The jobs role: background work, tried again until it is done or a person must look. Answers what keeps it from preparing
 * videos, if something does.
 */
export async function startJobs({
  platform,
  database,
  services,
  crashPoint,
}: Deps): Promise<string | undefined> {
  const { config, log, clock, metrics, life, disposal } = platform
  const { db, appUrl: url, storage } = database
  const { accounts, phoneCodes, social, streams, notifications, notificationsRepo: repo } = services
  const mailer = config.SMTP_URL
    ? createSmtpMailer({ url: config.SMTP_URL, from: config.MAIL_FROM })
    : services.inbox
  const sms = config.SMS_URL ? createSmsSender({ url: config.SMS_URL }) : services.inbox
  const handlers = [
    ...accountJobs({ db, mailer, sms, accounts, phoneCodes, clock }),
    ...pendingJobs(services),
    ...chatJobs(db),
    ...socialJobs({ db, log }),
    ...profileJobs({ db, storage }),
    ...safetyJobs(services),
    ...dataJobs(services),
    ...playlistJobs(services),
    ...viewJobs({ db, clock, log, views: services.views }),
    ...videoJobs({ ...services, db, storage, processor: { start: ({ runId }) => queueRun(db, runId) } }),
    ...notificationJobs({ db, repo, social, streams, notifications, clock, crashPoint }),
  ]
  const options = { url, handlers, log, concurrency: CONCURRENCY, observe: metrics.job }
  const runner = disposal.use(await startJobRunner(options))
  life.onEnding(() => runner.drain(FINISH_MS))
  return await startTranscoding({ platform, database, services, crashPoint })
}
