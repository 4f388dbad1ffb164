import type { TopicItem } from '../../src/contract/index.ts'
import type { Connection } from '../types.ts'

export type StreamItem = TopicItem<`stream:${string}`>

type Listener = {
  onItem(item: StreamItem): void
  /** The connection is back, or items may have been missed: what is known may be out of date. */
  onBack(): void
  /** The server put us out of the stream. */
  onClosed?(code: string): void
}

/** Follows a stream and the connection it comes through. Returns the function that ends it. */
export function followStream(connection: Connection, streamId: string, listener: Listener): () => void {
  let wasOnline = connection.state === 'online'
  const ends = [
    connection.onState((state) => {
      if (state !== 'online') return
      if (wasOnline) listener.onBack()
      wasOnline = true
    }),
    connection.subscribe(`stream:${streamId}`, {
      onItems: (items) => {
        for (const item of items) listener.onItem(item)
      },
      onStart: (_items, _at, isGap) => {
        if (isGap) listener.onBack()
      },
      onClosed: (code) => listener.onClosed?.(code),
    }),
  ]
  return () => {
    for (const end of ends) end()
  }
}
