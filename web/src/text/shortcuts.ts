import { messages } from './messages.ts'

/** The list of keys, which few people ever open: it is not among the words that every page brings. */
export const shortcutText = messages({
  title: 'Keyboard shortcuts',
  show: 'Show this list',
  home: 'Home',
  following: 'Following',
  notifications: 'Notifications',
  studio: 'Studio',
  settings: 'Settings',
  theme: 'Switch between light and dark',
  everywhere: 'Everywhere',
  watching: 'While watching',
  mute: 'Mute or unmute',
  fullscreen: 'Full screen',
  theatre: 'Theatre mode',
  chat: 'Write in the chat',
  keyThen: 'then',
})
