import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import type { App } from '../data/app.tsx'
import { PageNotFound } from '../shell/page-error.tsx'
import { Shell } from '../shell/shell.tsx'

export const Route = createRootRouteWithContext<{ app: App }>()({
  component: Root,
  notFoundComponent: PageNotFound,
})

function Root() {
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}
