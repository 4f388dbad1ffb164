import { createFileRoute } from '@tanstack/react-router'
import { requireAccount } from '../features/account/require-account.ts'
import { TokensPage } from '../features/api-tokens/tokens-page.tsx'

export const Route = createFileRoute('/settings/tokens')({
  beforeLoad: requireAccount,
  component: TokensPage,
})
