import { messages } from './messages.ts'

/** What an account may: its API tokens, its upgrades, and what staff decided against it. */
export const tokenText = messages({
  title: 'API tokens',
  hint: 'For programs that act for you. A token can do what you can, as far as you allow it here. Treat it like a password.',
  create: 'New token',
  createTitle: 'New API token',
  createHint: 'Allow no more than the program needs.',
  name: 'Name',
  nameHint: 'What is it for?',
  nameRule: 'Give it a name.',
  scopes: 'It may',
  scopesRule: 'Allow at least one thing.',
  expires: 'Good for',
  days: { one: '{count} day', other: '{count} days' },
  make: 'Make token',
  madeTitle: 'Copy your token now',
  madeHint: 'It is shown only this once. Send it as “Authorization: Bearer …”.',
  token: 'Token',
  copy: 'Copy',
  copied: 'Copied.',
  copyFailed: 'The browser did not copy it; mark it and copy it yourself.',
  done: 'I have copied it',
  empty: 'No tokens yet',
  emptyHint: 'Make one when a program asks you for it.',
  ending: 'ends with {hint}',
  usedNever: 'Never used',
  used: 'Used {when}',
  expiresAt: 'Good until {when}',
  expired: 'Expired {when}',
  revoke: 'Revoke',
  revokeName: 'Revoke {name}',
  revokeTitle: 'Revoke {name}?',
  revokeHint: 'Programs that use it are cut off at once. This cannot be undone.',
  keep: 'Keep it',
  revoked: '{name} is revoked.',
})

export const scopeText = messages({
  read: 'Read what you can see',
  'chat:write': 'Write in chats',
  'streams:write': 'Change and send your broadcasts, and moderate your channel',
  'videos:write': 'Upload and change your videos',
  'social:write': 'Follow and like',
  'account:read': 'Read your account, feed and notifications',
})

export const upgradeText = messages({
  title: 'Upgrades',
  creator: 'Creator',
  creatorHint: 'For people who make something here and want to see how it does. It is granted at once.',
  advertiser: 'Advertiser',
  advertiserHint: 'For people who want to advertise here. An administrator looks at every request.',
  note: 'What do you want to advertise?',
  ask: 'Become a creator',
  request: 'Ask for it',
  granted: 'Granted',
  pending: 'Waits for an administrator',
  refused: 'Refused',
  grantedToast: 'You are a creator.',
  pendingToast: 'Your request waits for an administrator.',
})

export const suspensionText = messages({
  until: 'Your account is suspended until {when}. You can read, but not take part.',
  forEver: 'Your account is suspended. You can read, but not take part.',
  reason: 'Reason: {reason}',
})
