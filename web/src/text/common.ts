import { messages } from './messages.ts'

/** Words that more than one page says. */
export const common = messages({
  appName: 'Social Flow',
  live: 'Live',
  retry: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  loading: 'Loading',
  signIn: 'Sign in',
  signUp: 'Create account',
  signOut: 'Sign out',
  goLive: 'Go live',
  viewers: { one: '{count} person watching', other: '{count} people watching' },
  notFoundTitle: 'This page does not exist',
  notFoundHint: 'The address may be mistyped, or what was here is gone.',
  toHome: 'See who is live',
  crashedTitle: 'This page stumbled',
  crashedHint: 'Something in it went wrong. Loading it again usually helps.',
  loadFailed: 'This could not be loaded.',
  offlineError: 'The server cannot be reached. Check your connection and try again.',
  timeoutError: 'The server did not answer in time. Try again.',
  waitSeconds: { one: 'Wait {count} second and try again.', other: 'Wait {count} seconds and try again.' },
})

/** Names of the categories that broadcasts are filed under. */
export const categoryText = messages({
  talk: 'Talk',
  music: 'Music',
  gaming: 'Gaming',
  art: 'Art',
  learning: 'Learning',
  sport: 'Sport',
  travel: 'Travel',
  other: 'Other',
})
