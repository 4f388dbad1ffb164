import { LinkIcon, MapPin } from 'lucide-react'
import { channelText } from '../../../text/social.ts'
import { OutsideLink, RichText } from '../../../ui/inline/rich-text.tsx'
import type { Profile } from '../use-profile.ts'

/** What somebody says of themselves, where they are. */
export function ChannelAbout({ profile }: { profile: Profile }) {
  const { displayName, bio, location, links } = profile
  if (!bio && !location && links.length === 0)
    return <p className="text-text-3">{channelText('aboutEmpty', { name: displayName })}</p>
  return (
    <div className="flex max-w-2xl flex-col gap-3">
      {bio && (
        <p className="text-base whitespace-pre-wrap wrap-anywhere">
          <RichText text={bio} />
        </p>
      )}
      {(location || links.length > 0) && (
        <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-text-2">
          {location && (
            <li className="flex items-center gap-1.5">
              <MapPin aria-hidden size={16} />
              {location}
            </li>
          )}
          {links.map((link) => (
            <li key={link} className="flex min-w-0 items-center gap-1.5">
              <LinkIcon aria-hidden size={16} className="shrink-0" />
              <OutsideLink href={link}>
                <span className="wrap-anywhere">{link.replace(/^https:\/\/|\/$/g, '')}</span>
              </OutsideLink>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
