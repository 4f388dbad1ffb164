import { messages } from './messages.ts'

export const shortText = messages({
  title: 'Shorts',
  feed: 'Short videos, one below the other',
  openName: 'Short: {title}, {duration}',
  previous: 'Previous short',
  next: 'Next short',
  emptyTitle: 'No shorts yet',
  emptyHint: 'Vertical videos of up to a minute show up here.',
  upload: 'Upload one',
  end: 'You have seen them all.',
  moreFailed: 'More shorts could not be loaded.',
  soundOn: 'Turn sound on',
  soundOff: 'Turn sound off',
  details: 'Details of {title}',
})
