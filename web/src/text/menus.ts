import { messages } from './messages.ts'

/** The menus of somebody with an account, which come after the page. */
export const menuText = messages({
  create: 'Create',
  yourPage: 'Your live page',
  yourChannel: 'Your channel',
  accountMenu: 'Account of {name}',
})
