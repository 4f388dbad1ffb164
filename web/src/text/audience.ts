import { messages } from './messages.ts'

/** How a video does, for its owner. */
export const audienceText = messages({
  failed: 'The numbers could not be loaded.',
  views: 'Views',
  viewers: 'Viewers',
  watchTime: 'Watch time',
  average: 'Average per view',
  empty: 'Nobody has watched this video yet. The numbers begin with the first view.',
  days: 'Views by day',
  day: 'Day (UTC)',
  table: 'As a table',
  retention: 'How far people watch',
  retentionLater: 'The curve is drawn some minutes after the first views.',
  retentionHalf: '{share} still watch when half of it is over, of the last {count} sessions.',
  watching: 'Still watching',
})
