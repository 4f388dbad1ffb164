import type { Account } from '../../data/use-session.ts'
import { AccountMenu } from './account-menu.tsx'
import { CreateMenu } from './create-menu.tsx'

/** What somebody with an account may begin and reach from everywhere. */
export const OwnMenus = ({ account }: { account: Account }) => (
  <>
    <CreateMenu />
    <AccountMenu account={account} />
  </>
)
