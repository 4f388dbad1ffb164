import { createFileRoute } from '@tanstack/react-router'
import { SignUpPage } from '../features/account/sign-up-page.tsx'
import { nextSearch } from '../format/next-path.ts'

export const Route = createFileRoute('/sign-up')({ validateSearch: nextSearch, component: Page })

function Page() {
  const { next } = Route.useSearch()
  return <SignUpPage next={next} />
}
