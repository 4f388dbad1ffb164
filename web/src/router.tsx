import { createRouter } from '@tanstack/react-router'
import type { App } from './data/app.tsx'
import { routeTree } from './route-tree.gen.ts'
import { PageCrashed, PageNotFound } from './shell/page-error.tsx'

export function createAppRouter(app: App) {
  return createRouter({
    routeTree,
    context: { app },
    // Pointing at a link loads the code of its page, so that a click shows it at once.
    defaultPreload: 'intent',
    scrollRestoration: true,
    // Plain text both ways: a token that happens to look like a number stays what it is.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch,
    defaultErrorComponent: PageCrashed,
    defaultNotFoundComponent: PageNotFound,
  })
}

function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value !== undefined) params.set(name, String(value))
  return params.size > 0 ? `?${params}` : ''
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
