import { messages } from './messages.ts'

export const home = messages({
  page: 'Home',
  title: 'Live now',
  emptyTitle: 'Nobody is live right now',
  emptyHint: 'Be the first: your camera is all you need. This page shows new streams the moment they begin.',
  watch: 'Watch {name}: {title}',
  interrupted: 'Reconnecting',
  failed: 'The streams could not be loaded.',
  liveCount: { one: '{count} stream', other: '{count} streams' },
})
