import { createFileRoute } from '@tanstack/react-router'
import { SignInPage } from '../features/account/sign-in-page.tsx'
import { nextSearch } from '../format/next-path.ts'

export const Route = createFileRoute('/sign-in')({ validateSearch: nextSearch, component: Page })

function Page() {
  const { next } = Route.useSearch()
  return <SignInPage next={next} />
}
