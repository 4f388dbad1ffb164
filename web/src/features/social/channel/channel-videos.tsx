import { channelText } from '../../../text/social.ts'
import { videoText } from '../../../text/video.ts'
import { ShortGrid } from '../../shorts/short-grid.tsx'
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
  return <VideoGrid query={query} isOfChannel empty={empty} />
}
