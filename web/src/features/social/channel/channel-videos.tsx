import type { ReactNode } from 'react'
import { channelText } from '../../../text/social.ts'
import { videoText } from '../../../text/video.ts'
import { cx } from '../../../ui/cx.ts'
import { ShortGrid } from '../../shorts/short-grid.tsx'
import { PremiereStrip, usePremieres } from '../../video/premiere/premiere-strip.tsx'
import { useVideos, VideoGrid } from '../../video/tiles/video-grid.tsx'
import type { Profile } from '../use-profile.ts'

type Props = { profile: Profile; kind: 'videos' | 'shorts' }

/** The long videos of a channel, or the short ones. */
export function ChannelVideos({ profile: { handle, displayName: name }, kind }: Props) {
  const query = useVideos({ handle, kind })
  const empty = (
    <p className="text-text-3">
      {kind === 'videos' ? videoText('channelEmpty', { name }) : channelText('shortsEmpty', { name })}
    </p>
  )
  if (kind === 'shorts') return <ShortGrid query={query} empty={empty} />
  return (
    <LongVideos handle={handle}>
      <VideoGrid query={query} isOfChannel empty={empty} />
    </LongVideos>
  )
}

/** Premieres stand above what is out; until it is known whether there are some, nothing is shown that could move. */
function LongVideos({ handle, children }: { handle: string; children: ReactNode }) {
  const premieres = usePremieres(handle)
  return (
    <div className={cx(premieres.isPending && 'invisible')}>
      <PremiereStrip query={premieres} isOfChannel className="mb-12" />
      {children}
    </div>
  )
}
