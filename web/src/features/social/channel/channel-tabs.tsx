import { useNavigate } from '@tanstack/react-router'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { channelText } from '../../../text/social.ts'
import type { Profile } from '../use-profile.ts'
import { ChannelAbout } from './channel-about.tsx'
import { ChannelLive, ChannelLiveNow } from './channel-live.tsx'
import { ChannelPlaylists } from './channel-playlists.tsx'
import { ChannelVideos } from './channel-videos.tsx'
import { CHANNEL_TABS, type ChannelTab } from './tabs.ts'

const tabClass =
  'h-11 shrink-0 border-b-2 border-transparent px-1 font-semibold text-text-2 hover:text-text-1 data-[state=active]:border-accent data-[state=active]:text-text-1'

/** What an account shows to whom it is not shut. Which part of it is in the address, so that it can be sent to somebody. */
export function ChannelTabs({ profile, tab }: { profile: Profile; tab: ChannelTab }) {
  const navigate = useNavigate()
  const { handle } = profile
  const choose = (next: string) =>
    void navigate({
      to: '/@{$handle}',
      params: { handle },
      search: next === CHANNEL_TABS[0] ? {} : { tab: next as ChannelTab },
      replace: true,
      resetScroll: false,
    })
  return (
    <Tabs.Root value={tab} onValueChange={choose} className="mt-6">
      {tab !== 'live' && <ChannelLiveNow handle={handle} />}
      <Tabs.List
        aria-label={channelText('channelTabs')}
        className="flex gap-6 overflow-x-auto border-b border-line"
      >
        {CHANNEL_TABS.map((one) => (
          <Tabs.Trigger key={one} value={one} className={tabClass}>
            {channelText(`tab_${one}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Panel tab="videos">
        <ChannelVideos profile={profile} kind="videos" />
      </Panel>
      <Panel tab="shorts">
        <ChannelVideos profile={profile} kind="shorts" />
      </Panel>
      <Panel tab="live">
        <ChannelLive profile={profile} />
      </Panel>
      <Panel tab="playlists">
        <ChannelPlaylists profile={profile} />
      </Panel>
      <Panel tab="about">
        <ChannelAbout profile={profile} />
      </Panel>
    </Tabs.Root>
  )
}

/** Only the one that is chosen is there, and reads what it shows. */
const Panel = ({ tab, children }: { tab: ChannelTab; children: ReactNode }) => (
  <Tabs.Content value={tab} className="pt-6 outline-offset-4">
    {children}
  </Tabs.Content>
)
