import { useNavigate } from '@tanstack/react-router'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { channelText } from '../../../text/social.ts'
import { TabRow } from '../../../ui/tab-row.tsx'
import type { Profile } from '../use-profile.ts'
import { ChannelAbout } from './channel-about.tsx'
import { ChannelLive, ChannelLiveNow } from './channel-live.tsx'
import { ChannelPlaylists } from './channel-playlists.tsx'
import { ChannelVideos } from './channel-videos.tsx'
import { CHANNEL_TABS, type ChannelTab } from './tabs.ts'

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
      <TabRow
        tabs={CHANNEL_TABS}
        active={tab}
        label={channelText('channelTabs')}
        nameOf={(one) => channelText(`tab_${one}`)}
      />
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
