import { messages } from './messages.ts'

export const historyText = messages({
  title: 'History',
  watched: 'Watched {percent} %',
  emptyTitle: 'Nothing watched yet',
  emptyHint: 'Videos that you watch are listed here, with where you stopped.',
  remove: 'Remove from history: {title}',
  clear: 'Clear history',
  clearTitle: 'Clear your history?',
  clearHint: 'All videos are removed from it, with where you stopped. This can not be undone.',
  paused: 'Your history is paused: what you watch is not kept.',
  pause: 'Pause history',
  resume: 'Go on keeping it',
  moreFailed: 'More of your history could not be loaded.',
})
