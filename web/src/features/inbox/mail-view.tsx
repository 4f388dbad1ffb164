import type { Response } from '../../data/use-api.ts'
import { formatExact } from '../../format/time.ts'
import { settingsText } from '../../text/settings.ts'
import { textLinkClass } from '../account/auth-frame.tsx'
import { linksIn } from './links-in.ts'

export type Mail = Response<'get /api/dev/inbox'>['mails'][number]

/**
 * One mail. Its HTML is shown in a frame that may run no script and has no origin; links in it open this app in a new
 * tab, and stand below once more for everybody to whom the frame is in the way.
 */
export function MailView({ mail }: { mail: Mail }) {
  const links = linksIn(mail.text, location.origin)
  return (
    <article className="overflow-hidden rounded-md border border-line bg-surface-1">
      <header className="border-b border-line p-5">
        <h2 className="text-lg font-semibold">{mail.subject}</h2>
        <p className="mt-1 text-text-2">{settingsText('inboxTo', { address: mail.to })}</p>
        <p className="text-text-3">{formatExact(mail.sentAt)}</p>
        {links.map((link) => (
          <a key={link.href} href={link.path} className={`${textLinkClass} mt-2 block break-all`}>
            {link.path}
          </a>
        ))}
      </header>
      {mail.html ? (
        <iframe
          title={settingsText('inboxBody', { subject: mail.subject })}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcDoc={`<base target="_blank">${mail.html}`}
          className="h-[60vh] w-full bg-white"
          style={{ colorScheme: 'light' }}
        />
      ) : (
        <p className="p-5 whitespace-pre-wrap">{mail.text}</p>
      )}
    </article>
  )
}
