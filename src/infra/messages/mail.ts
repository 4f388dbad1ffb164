import { createTransport } from 'nodemailer'
import type { Mail, Mailer } from '../../core/ports.ts'

/** A job waits for each mail, so a mail server that hangs must not hold it for nodemailer's own ten minutes. */
const SMTP_TIMEOUT_MS = 20_000

/** Sends through SMTP. `url` is SMTP_URL, `from` MAIL_FROM; throws what the mail server answered. */
export function createSmtpMailer(options: { url: string; from: string }): Mailer & Disposable {
  const timeouts = {
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
  }
  const transport = createTransport({ url: options.url, ...timeouts }, { from: options.from })
  return {
    async send(mail: Mail) {
      await transport.sendMail(mail)
    },
    [Symbol.dispose]: () => transport.close(),
  }
}
