import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import type { Api, NameOf, RouteKey } from '../../../client/http.ts'
import type { RouteInput, RouteResponse } from '../../../src/contract/index.ts'
import { useApp } from './app.tsx'

type Input<Key extends RouteKey> = RouteInput<NameOf<Key>>
type InputArgs<Key extends RouteKey> = keyof Input<Key> extends never ? [] : [input: Input<Key>]

export type GetKey = Extract<RouteKey, `get ${string}`>
export type ChangeKey = Exclude<RouteKey, GetKey>
export type Response<Key extends RouteKey> = RouteResponse<NameOf<Key>>

/** Key and reader of one HTTP read, for the cache, for loaders and for `useApi`. */
export function apiQuery<Key extends GetKey>(api: Api, key: Key, ...args: InputArgs<Key>) {
  return queryOptions({
    queryKey: [key, ...args],
    queryFn: (): Promise<Response<Key>> => api.request<Key>(key, ...(args as never)),
  })
}

/** Reads one route through the cache. */
export function useApi<Key extends GetKey>(key: Key, ...args: InputArgs<Key>) {
  const { api } = useApp()
  return useQuery(apiQuery(api, key, ...args))
}

/** A change by one route; `mutate` takes its input, `{}` where it has none. What needs a step up asks for it first. */
export function useApiChange<Key extends ChangeKey>(key: Key) {
  const { api, stepUp } = useApp()
  return useMutation({
    mutationFn: (input: Input<Key>): Promise<Response<Key>> =>
      stepUp.guard(() => api.request<Key>(key, ...([input] as never))),
  })
}
