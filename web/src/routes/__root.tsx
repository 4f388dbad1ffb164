import { createRootRouteWithContext, Outlet, useLocation } from '@tanstack/react-router'
import type { App } from '../data/app.tsx'
import { PageNotFound } from '../shell/page-error.tsx'
import { Shell } from '../shell/shell.tsx'

export const Route = createRootRouteWithContext<{ app: App }>()({
  component: Root,
  notFoundComponent: PageNotFound,
})

function Root() {
  const { pathname } = useLocation()
  if (pathname.startsWith('/embed/')) return <Outlet />
  // The server lets only the player into a frame; what it leads to from within opens in a window of its own.
  if (window.top !== window.self) return null
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}
