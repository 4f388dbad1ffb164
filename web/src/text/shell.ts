import { messages } from './messages.ts'

export const shell = messages({
  skipToContent: 'Skip to content',
  mainNavigation: 'Main',
  home: 'Home',
  following: 'Following',
  studio: 'Studio',
  settings: 'Settings',
  inbox: 'Inbox',
  collapseRail: 'Collapse the menu',
  expandRail: 'Expand the menu',
  theme: 'Theme',
  themeSystem: 'System',
  themeLight: 'Light',
  themeDark: 'Dark',
  offline: 'You are offline. Trying to reconnect…',
  backOnline: 'Back online',
  notifications: 'Notices ({hotkey})',
  dismiss: 'Dismiss',
  signedOut: 'You are signed out.',
})
