/**
 * What becomes of everything that names an account when it is erased, by table and column. A test reads all columns of the
 * database that lead to accounts and fails for one that is not here.
 *
 * `delete`: its rows go · `unlink`: the row stays and names nobody · `special`: `erasure.ts` has a step for it · `keep`: it
 * stays, as the account that it leads to has nothing left of a person.
 */
export type Fate = 'delete' | 'unlink' | 'special' | 'keep'

type Column = { table: string; column: string; fate: Fate }

const all = (fate: Fate, ...columns: readonly string[]): Column[] =>
  columns.map((name) => {
    const [table = '', column = ''] = name.split('.')
    return { table, column, fate }
  })

export const FATES: readonly Column[] = [
  ...all('delete', 'one_time_tokens.user_id', 'phone_codes.user_id', 'pending_steps.user_id'),
  ...all(
    'delete',
    'known_devices.user_id',
    'oauth_accounts.user_id',
    'passkeys.user_id',
    'totp_secrets.user_id',
  ),
  ...all('delete', 'backup_codes.user_id', 'api_tokens.user_id', 'idempotency_keys.account_id'),
  ...all('delete', 'preferences.user_id', 'account_privacy.user_id'),
  ...all('delete', 'blocks.blocker_id', 'blocks.blocked_id', 'mutes.muter_id', 'mutes.muted_id'),
  ...all('delete', 'follow_requests.requester_id', 'follow_requests.target_id', 'channel_bans.account_id'),
  ...all('delete', 'notifications.user_id', 'notification_keys.user_id', 'notification_states.user_id'),
  ...all('delete', 'activities.actor_id', 'account_upgrades.account_id', 'account_sanctions.account_id'),
  ...all('unlink', 'account_sanctions.imposed_by', 'channel_bans.banned_by'),
  ...all('delete', 'video_uploads.owner_id'),
  // Sockets end with sessions, files with exports, counts of others with follows and likes, and a chat has no holes.
  ...all('special', 'login_sessions.user_id', 'account_exports.user_id', 'follows.follower_id'),
  ...all('special', 'follows.followee_id', 'broadcast_likes.user_id', 'streams.owner_id'),
  ...all('special', 'chat_messages.author_id', 'credentials.user_id', 'profiles.user_id', 'users.id'),
  ...all('special', 'videos.owner_id'),
  // What they watched stays among the numbers of the videos, under a key that leads back to nobody.
  ...all('unlink', 'video_views.account_id'),
  ...all('delete', 'watch_history.user_id', 'playlists.owner_id'),
  // The log outlives whom it tells of; of notifications and deletions nothing is left but an id that leads to nobody.
  ...all('keep', 'audit_log.actor_id', 'audit_log.subject_id', 'notifications.actor_id'),
  ...all('keep', 'account_deletions.account_id'),
]

const KNOWN_TO_OTHERS = 'is what others know or decided, and is theirs'
const SHORT_LIVED =
  'lives for minutes, opens something, and says nothing that is not elsewhere in the archive'
const BOOKKEEPING = 'keeps the program from doing the same twice, and says nothing that is not elsewhere'

/**
 * Columns that lead to accounts by which no section of an archive finds rows, and why not. A test reads the sections and fails
 * for a column that is neither found by nor here.
 */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'one_time_tokens.user_id': SHORT_LIVED,
  'phone_codes.user_id': SHORT_LIVED,
  'pending_steps.user_id': SHORT_LIVED,
  'idempotency_keys.account_id': BOOKKEEPING,
  'video_uploads.owner_id': 'is how far a file has come; the video that it becomes is in the archive',
  'notification_keys.user_id': BOOKKEEPING,
  'notification_states.user_id': 'is how far notifications were read, which the count beside the bell shows',
  'blocks.blocked_id': KNOWN_TO_OTHERS,
  'mutes.muted_id': KNOWN_TO_OTHERS,
  'activities.actor_id':
    'repeats that broadcasts were planned and began, which are in the archive themselves',
  'account_sanctions.imposed_by': 'is about whom staff decided on',
  'channel_bans.banned_by': 'is about who was put out; bans of a channel are found by its owner',
  'audit_log.actor_id': 'is about whom staff decided on; what was done to an account is in its own archive',
  'notifications.actor_id': KNOWN_TO_OTHERS,
  'account_exports.user_id': 'is the archives themselves',
  'account_deletions.account_id': 'is a wish of now, which the page of one’s data shows',
}
