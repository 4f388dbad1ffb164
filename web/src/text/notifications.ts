import { messages } from './messages.ts'

export const notificationText = messages({
  title: 'Notifications',
  withUnread: { one: 'Notifications, {count} unread', other: 'Notifications, {count} unread' },
  unread: { one: '{count} unread notification', other: '{count} unread notifications' },
  manyUnread: '{most}+',
  seeAll: 'See all',
  followed: 'Follows you now',
  askedToFollow: 'Asks to follow you. Answer on the page Privacy.',
  letYouFollow: 'Lets you follow them now',
  wentLive: 'Went live',
  wentLiveWith: 'Went live: {title}',
  somebody: 'Somebody whose account is gone',
  isNew: 'New',
  emptyTitle: 'No notifications yet',
  emptyHint: 'When somebody follows you, or when people you follow go live, you read it here.',
  closed: 'The notifications can not be shown right now. Load the page again.',
  moreFailed: 'Older notifications could not be loaded.',
  end: 'That is everything.',
})
