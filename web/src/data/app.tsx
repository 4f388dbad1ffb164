import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Api } from '../../../client/http.ts'
import type { Connection } from '../../../client/types.ts'
import type { UploadQueue } from '../features/videos/sending/upload-queue.ts'
import type { StepUp } from './calls/step-up.ts'

/** What every page may reach: the HTTP side, the socket, the cache of what was read and the question who is there. Made once in main.tsx. */
export type App = {
  api: Api
  connection: Connection
  queryClient: QueryClient
  stepUp: StepUp
  /** Files on their way. Few visits send any, so this comes with the first one that does. */
  uploads: { load(): Promise<UploadQueue>; clear(): void }
}

const AppContext = createContext<App | undefined>(undefined)

export const AppProvider = AppContext.Provider

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('useApp is used outside of AppProvider.')
  return app
}
