import { messages } from './messages.ts'

export const settingsText = messages({
  title: 'Settings',
  account: 'Account',
  name: 'Name',
  handle: 'Handle',
  role: 'Role',
  roleMember: 'Member',
  roleModerator: 'Moderator',
  roleAdmin: 'Administrator',
  livePage: 'Live page',
  credentials: 'Mail address and password',
  credentialsHint:
    'So far only a login link opens this account. Set these, so that you can always come back.',
  credentialsSave: 'Save',
  credentialsSaved: 'Mail address and password are set.',
  hasPassword: 'You sign in with your mail address and password.',
  appearance: 'Appearance',
  appearanceHint: 'Kept in this browser.',
  session: 'This device',
  sessionHint: 'Sign out of Social Flow in this browser.',
  inboxTitle: 'Development inbox',
  inboxHint: 'The newest mails of this server, which has no mail service set. They are not sent to anyone.',
  inboxEmpty: 'No mail yet',
  inboxEmptyHint: 'Create an account and its verification mail appears here.',
  inboxMissing: 'There is no inbox for you here',
  inboxMissingHint:
    'It is shown only on servers without a mail service, to the machine itself and to administrators.',
  inboxPick: 'Choose a mail to read it.',
  inboxBack: 'All mails',
  inboxTo: 'To {address}',
  inboxBody: 'Mail: {subject}',
})
