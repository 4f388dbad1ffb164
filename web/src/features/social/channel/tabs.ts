export const CHANNEL_TABS = ['videos', 'shorts', 'live', 'playlists', 'about'] as const
export type ChannelTab = (typeof CHANNEL_TABS)[number]
