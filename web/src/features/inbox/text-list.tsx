import type { Response } from '../../data/use-api.ts'
import { useNow } from '../../data/use-now.ts'
import { settingsText } from '../../text/settings.ts'
import { TimeAgo } from '../../ui/inline/time-ago.tsx'
import { textLinkClass } from '../account/auth-frame.tsx'
import { linksIn } from './links-in.ts'

type Text = Response<'get /api/dev/inbox'>['texts'][number]
/** Who looks for a text looks for one of the last; the mails stand below. */
const SHOWN = 5

/** The newest texts to telephones, whole: they are short. */
export function TextList({ texts }: { texts: Text[] }) {
  const nowMs = useNow(60_000)
  return (
    <section className="mb-6">
      <h2 className="px-4 text-base font-semibold">{settingsText('inboxTexts')}</h2>
      <ul className="mt-2 flex flex-col gap-2">
        {texts.slice(0, SHOWN).map((text) => (
          <li key={text.id} className="rounded-md border border-line bg-surface-1 px-4 py-3">
            <p className="flex items-baseline justify-between gap-3 text-text-3">
              <span className="truncate">{settingsText('inboxTo', { address: text.to })}</span>
              <TimeAgo atMs={text.sentAt} nowMs={nowMs} className="shrink-0 text-xs" />
            </p>
            <p className="mt-1 break-words">{text.text}</p>
            {linksIn(text.text, location.origin).map((link) => (
              <a key={link.href} href={link.path} className={`${textLinkClass} mt-1 block break-all`}>
                {link.path}
              </a>
            ))}
          </li>
        ))}
      </ul>
      <h2 className="mt-6 mb-2 px-4 text-base font-semibold">{settingsText('inboxMails')}</h2>
    </section>
  )
}
