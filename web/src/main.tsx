import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createConnection } from '../../client/connection.ts'
import { createApi } from '../../client/http.ts'
import { CallError } from '../../client/types.ts'
import { type App, AppProvider } from './data/app.tsx'
import { createStepUp } from './data/calls/step-up.ts'
import { apiQuery } from './data/use-api.ts'
import { createAppRouter } from './router.tsx'
import { ThemeProvider } from './shell/theme.tsx'
import './styles.css'
import { ToastProvider } from './ui/overlay/toasts.tsx'

/** What was read stays fresh this long without a request; pushes keep the rest up to date. */
const STALE_MS = 15_000
const RETRIES = 2

function createApp(): App {
  const api = createApi()
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // Only what may pass by itself is tried again; waiting for a "not found" helps nobody.
        retry: (count, error) => count < RETRIES && error instanceof CallError && error.retry,
      },
    },
  })
  const connection = createConnection({
    getConfig: () => queryClient.fetchQuery(apiQuery(api, 'get /api/config')),
    getToken: async () => (await api.request('post /api/socket-token')).token,
  })
  return { api, connection, queryClient, stepUp: createStepUp(), uploads: createUploads() }
}

function createUploads(): App['uploads'] {
  let queue: ReturnType<App['uploads']['load']> | undefined
  return {
    load() {
      queue ??= import('./features/videos/sending/upload-queue.ts').then((it) => it.createUploadQueue())
      return queue
    },
    clear: () => void queue?.then((made) => made.clear()),
  }
}

const app = createApp()
const router = createAppRouter(app)
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')

// After an upgrade of the server, the parts of an old page are gone: the new page has them. Once is enough to tell.
window.addEventListener('vite:preloadError', (event) => {
  if (sessionStorage.getItem('reloaded-for') === location.pathname) return
  sessionStorage.setItem('reloaded-for', location.pathname)
  event.preventDefault()
  location.reload()
})

createRoot(root).render(
  <StrictMode>
    <AppProvider value={app}>
      <QueryClientProvider client={app.queryClient}>
        <ThemeProvider>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </ThemeProvider>
      </QueryClientProvider>
    </AppProvider>
  </StrictMode>,
)
