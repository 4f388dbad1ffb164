import { type SQL, sql } from 'drizzle-orm'

/** One file of an archive: what it is, the rows in it, and what orders them. */
export type Section = {
  file: string
  about: string
  /** The rows of an account; columns are named as they are told. */
  rows: (userId: SQL) => SQL
  /** Columns that together are unique, with their types; pages begin after them. */
  key: readonly (readonly [column: string, type: 'timestamptz' | 'uuid' | 'text' | 'bigint'])[]
}

const BY_TIME = [
  ['createdAt', 'timestamptz'],
  ['id', 'uuid'],
] as const
const ONE = [['id', 'uuid']] as const

/** Other people, as far as their name stands beside something of one's own. */
const person = (id: SQL) => sql`(select u.handle from users u where u.id = ${id} and u.deleted_at is null)`

const links = (table: SQL, own: SQL, other: SQL) => (userId: SQL) =>
  sql`
  select l.${other} as "id", ${person(sql`l.${other}`)} as "handle", l.created_at as "createdAt"
  from ${table} l where l.${own} = ${userId}`

/**
 * Everything of an account, in the order of the archive. Secrets are never in it: of what opens the account, that it is
 * there and when it was made and used. What others know of the account (who blocks or has muted it) is theirs.
 */
export const SECTIONS: readonly Section[] = [
  {
    file: 'account.json',
    about: 'Your account: handle, name, role, counts, mail address and telephone number.',
    rows: (userId) => sql`
      select u.id, u.handle, u.display_name as "displayName", u.role, u.verified_at as "verifiedAt",
        u.followers_count as "followers", u.following_count as "following", u.created_at as "createdAt",
        c.email, c.email_verified_at as "emailVerifiedAt", c.phone, c.phone_verified_at as "phoneVerifiedAt",
        c.password_hash is not null as "hasPassword"
      from users u left join credentials c on c.user_id = u.id where u.id = ${userId}`,
    key: ONE,
  },
  {
    file: 'profile.json',
    about: 'What your channel page tells of you. Its pictures are in the folder `pictures`.',
    rows: (userId) => sql`
      select user_id as "id", bio, location, links, created_at as "createdAt", updated_at as "updatedAt"
      from profiles where user_id = ${userId}`,
    key: ONE,
  },
  {
    file: 'preferences.json',
    about: 'How you want the platform; empty where you left everything as it was.',
    rows: (userId) => sql`
      select user_id as "id", language, autoplay, sensitive_content as "sensitiveContent",
        muted_notifications as "mutedNotifications", keeps_history as "keepsHistory", updated_at as "updatedAt"
      from preferences where user_id = ${userId}`,
    key: ONE,
  },
  {
    file: 'privacy.json',
    about: 'What you show to whom; empty where you left everything open.',
    rows: (userId) => sql`
      select user_id as "id", is_private as "isPrivate", comments, mentions, messages, updated_at as "updatedAt"
      from account_privacy where user_id = ${userId}`,
    key: ONE,
  },
  {
    file: 'login-sessions.json',
    about: 'Where you are signed in: browser, network (not the whole address) and times.',
    rows: (userId) => sql`
      select public_id as "id", user_agent as "browser", network, is_lasting as "isLasting", created_at as "createdAt",
        last_used_at as "lastUsedAt", confirmed_at as "confirmedAt", expires_at as "expiresAt"
      from login_sessions where user_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'known-browsers.json',
    about: 'When browsers that are known to be yours first and last signed in.',
    rows: (userId) => sql`
      select md5(id)::uuid as "id", created_at as "createdAt", last_used_at as "lastUsedAt"
      from known_devices where user_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'connected-accounts.json',
    about: 'Accounts at other sites that open yours.',
    rows: (userId) => sql`
      select issuer, subject, provider, name, email, created_at as "createdAt", last_used_at as "lastUsedAt"
      from oauth_accounts where user_id = ${userId}`,
    key: [
      ['issuer', 'text'],
      ['subject', 'text'],
    ],
  },
  {
    file: 'second-factors.json',
    about: 'What else you sign in with: kind and times, no secrets.',
    rows: (userId) => sql`
      select user_id as "id", 'authenticator app' as "kind", null as "name", created_at as "createdAt",
        null::timestamptz as "lastUsedAt"
      from totp_secrets where user_id = ${userId}
      union all select md5(code_hash)::uuid, 'backup code', null, created_at, null
      from backup_codes where user_id = ${userId}
      union all select id, 'passkey', name, created_at, last_used_at from passkeys where user_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'api-tokens.json',
    about: 'Your API tokens: names, scopes and times, not the tokens.',
    rows: (userId) => sql`
      select id, name, scopes, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt"
      from api_tokens where user_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'upgrades.json',
    about: 'What you asked to become, and what was decided.',
    rows: (userId) => sql`
      select kind::text as "kind", state, note, asked_at as "askedAt", decided_at as "decidedAt"
      from account_upgrades where account_id = ${userId}`,
    key: [['kind', 'text']],
  },
  {
    file: 'sanctions.json',
    about: 'What staff decided against your account and is in force, and why.',
    rows: (userId) => sql`
      select account_id as "id", kind, reason, created_at as "createdAt", until
      from account_sanctions where account_id = ${userId}`,
    key: ONE,
  },
  {
    file: 'decisions.json',
    about: 'What was done to your account by special rights. Who did it is not told.',
    rows: (userId) => sql`
      select id, at as "createdAt", action, reason, before, after
      from audit_log where subject_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'following.json',
    about: 'Whom you follow.',
    rows: links(sql`follows`, sql`follower_id`, sql`followee_id`),
    key: BY_TIME,
  },
  {
    file: 'followers.json',
    about: 'Who follows you.',
    rows: links(sql`follows`, sql`followee_id`, sql`follower_id`),
    key: BY_TIME,
  },
  {
    file: 'follow-requests-sent.json',
    about: 'Whom you asked to follow.',
    rows: links(sql`follow_requests`, sql`requester_id`, sql`target_id`),
    key: BY_TIME,
  },
  {
    file: 'follow-requests-received.json',
    about: 'Who asks to follow you.',
    rows: links(sql`follow_requests`, sql`target_id`, sql`requester_id`),
    key: BY_TIME,
  },
  {
    file: 'blocks.json',
    about: 'Whom you block.',
    rows: links(sql`blocks`, sql`blocker_id`, sql`blocked_id`),
    key: BY_TIME,
  },
  {
    file: 'mutes.json',
    about: 'Whom you have muted.',
    rows: links(sql`mutes`, sql`muter_id`, sql`muted_id`),
    key: BY_TIME,
  },
  {
    file: 'streams.json',
    about: 'Your live page.',
    rows: (userId) => sql`
      select id, created_at as "createdAt", updated_at as "updatedAt" from streams where owner_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'broadcasts.json',
    about: 'Your times on air, past and planned.',
    rows: (userId) => sql`
      select b.id, b.title, b.category, b.visibility, b.state, b.scheduled_for as "scheduledFor",
        b.started_at as "startedAt", b.ended_at as "endedAt", b.end_reason as "endReason", b.likes_count as "likes",
        b.created_at as "createdAt"
      from broadcasts b join streams s on s.id = b.stream_id where s.owner_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'channel-bans-made.json',
    about: 'Whom you put out of your channel.',
    rows: (userId) => sql`
      select b.account_id as "id", ${person(sql`b.account_id`)} as "handle", b.reason, b.until, b.created_at as "createdAt"
      from channel_bans b join streams s on s.id = b.stream_id where s.owner_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'channel-bans-against-you.json',
    about: 'Channels that put you out.',
    rows: (userId) => sql`
      select b.stream_id as "id", ${person(sql`s.owner_id`)} as "channel", b.reason, b.until, b.created_at as "createdAt"
      from channel_bans b join streams s on s.id = b.stream_id where b.account_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'chat-lines.json',
    about: 'What you wrote in chats, and where.',
    rows: (userId) => sql`
      select m.id, m.sent_at as "createdAt", m.text, m.seq,
        (select u.handle from streams s join users u on u.id = s.owner_id where s.id = m.stream_id) as "channel"
      from chat_messages m where m.author_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'notifications.json',
    about: 'What you were notified of.',
    rows: (userId) => sql`
      select seq, kind, created_at as "createdAt", ${person(sql`n.actor_id`)} as "from"
      from notifications n where user_id = ${userId}`,
    key: [['seq', 'bigint']],
  },
  {
    file: 'videos.json',
    about:
      'Your videos: what you wrote of them, who may see them, and how they did. Fetch the files themselves from your videos.',
    rows: (userId) => sql`
      select id, title, description, tags, category, language, visibility, state, published_at as "publishedAt",
        scheduled_for as "scheduledFor", is_premiere as "isPremiere", is_age_restricted as "isAgeRestricted", allowed_countries as "allowedCountries",
        denied_countries as "deniedCountries", are_comments_on as "areCommentsOn", duration_ms as "durationMs", width,
        height, views_count as "views", likes_count as "likes", watch_ms as "watchMs", created_at as "createdAt",
        deleted_at as "deletedAt"
      from videos where owner_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'watch-history.json',
    about: 'The videos in your history, and where you stopped.',
    rows: (userId) => sql`
      select h.video_id as "id", v.title, ${person(sql`v.owner_id`)} as "channel", h.watched_at as "createdAt",
        s.position_ms as "positionMs"
      from watch_history h join videos v on v.id = h.video_id
      left join video_views s on s.video_id = h.video_id and s.session_id = h.session_id where h.user_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'playlists.json',
    about: 'Your lists of videos, what you watch later among them, with what is in them in its order.',
    rows: (userId) => sql`
      select p.id, p.kind, p.title, p.description, p.visibility, p.created_at as "createdAt", p.updated_at as "updatedAt",
        p.deleted_at as "deletedAt", (
          select coalesce(jsonb_agg(jsonb_build_object('id', i.video_id, 'addedAt', i.created_at, 'title',
            case when v.visibility in ('public', 'unlisted') and v.deleted_at is null then v.title end)
            order by i.position), '[]'::jsonb)
          from playlist_items i join videos v on v.id = i.video_id where i.playlist_id = p.id) as "videos"
      from playlists p where p.owner_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'watch-sessions.json',
    about:
      'Each time you watched a video: when, what of it, with what and from where. Those of what you removed are not yours.',
    rows: (userId) => sql`
      select session_id as "id", video_id as "videoId", started_at as "createdAt", last_at as "lastAt",
        sections::text as "sectionsMs", watch_ms as "watchMs", device, referrer, country
      from video_views where account_id = ${userId}`,
    key: BY_TIME,
  },
  {
    file: 'likes.json',
    about: 'Which broadcasts you like.',
    rows: (userId) => sql`
      select l.broadcast_id as "id", l.created_at as "createdAt", ${person(sql`s.owner_id`)} as "channel"
      from broadcast_likes l join broadcasts b on b.id = l.broadcast_id join streams s on s.id = b.stream_id
      where l.user_id = ${userId}`,
    key: BY_TIME,
  },
]
