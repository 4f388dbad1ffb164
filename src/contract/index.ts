import type { z } from 'zod'
import { accounts } from './accounts.ts'
import { bans } from './bans.ts'
import { captions } from './captions.ts'
import { chat } from './chat.ts'
import { data } from './data.ts'
import type { TopicName } from './define.ts'
import { embeds } from './embeds.ts'
import { feed } from './feed.ts'
import { governance } from './governance.ts'
import { inbox } from './inbox.ts'
import { media } from './media.ts'
import { notifications } from './notifications.ts'
import { oauth } from './oauth.ts'
import { playback } from './playback.ts'
import { playlists } from './playlists.ts'
import { preferences } from './preferences.ts'
import { profiles } from './profiles.ts'
import { safety } from './safety.ts'
import { secondFactor } from './second-factor.ts'
import { social } from './social.ts'
import { streams } from './streams.ts'
import { system } from './system.ts'
import { tokens } from './tokens.ts'
import { videos } from './videos.ts'
import { views } from './views.ts'

/** Every feature's declaration; a feature is added or deleted by its line here. */
export const features = {
  ...{
    system,
    accounts,
    secondFactor,
    oauth,
    inbox,
    streams,
    bans,
    chat,
    media,
    social,
    notifications,
    feed,
  },
  ...{
    profiles,
    preferences,
    safety,
    tokens,
    governance,
    data,
    videos,
    captions,
    playback,
    views,
    playlists,
    embeds,
  },
}

export const calls = {
  ...system.calls,
  ...streams.calls,
  ...bans.calls,
  ...chat.calls,
  ...media.calls,
  ...social.calls,
  ...notifications.calls,
  ...safety.calls,
  ...views.calls,
}
export const topics = {
  ...streams.topics,
  ...chat.topics,
  ...media.topics,
  ...social.topics,
  ...notifications.topics,
  ...feed.topics,
  ...data.topics,
  ...videos.topics,
  ...views.topics,
}
export const routes = {
  ...system.routes,
  ...accounts.routes,
  ...secondFactor.routes,
  ...oauth.routes,
  ...inbox.routes,
  ...streams.routes,
  ...bans.routes,
  ...social.routes,
  ...feed.routes,
  ...profiles.routes,
  ...preferences.routes,
  ...safety.routes,
  ...tokens.routes,
  ...governance.routes,
  ...data.routes,
  ...videos.routes,
  ...captions.routes,
  ...playback.routes,
  ...views.routes,
  ...playlists.routes,
  ...embeds.routes,
}

export type Calls = typeof calls
export type CallName = keyof Calls & string
export type CallInput<K extends CallName> = z.input<Calls[K]['input']>
export type CallOutput<K extends CallName> = z.output<Calls[K]['output']>

export type TopicPatterns = typeof topics
export type TopicPattern = keyof TopicPatterns & string
/** The item type of a topic name: `chat:…` → ChatMessage. */
export type TopicItem<Name extends string> = {
  [P in TopicPattern]: Name extends TopicName<P> ? z.output<TopicPatterns[P]['item']> : never
}[TopicPattern]
export type AnyTopicName = { [P in TopicPattern]: TopicName<P> }[TopicPattern]

export type Routes = typeof routes
export type RouteName = keyof Routes & string
export type RouteResponse<K extends RouteName> = z.output<Routes[K]['response']>
/** What a caller passes: params, query and body or file of the route, as far as it has them. */
export type RouteInput<K extends RouteName> = (Routes[K] extends { params: infer P extends z.ZodType }
  ? { params: z.input<P> }
  : unknown) &
  (Routes[K] extends { query: infer Q extends z.ZodType } ? { query: z.input<Q> } : unknown) &
  (Routes[K] extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : unknown) &
  (Routes[K] extends { upload: object } ? { upload: Upload } : unknown)

/** A file that is the body of a request. */
export type Upload = { bytes: Blob | Uint8Array<ArrayBuffer>; contentType: string }
