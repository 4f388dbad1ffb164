import { useState } from 'react'
import { readStored, writeStored } from '../../data/stored.ts'

export type FeedSound = ReturnType<typeof useFeedSound>

/** Sound of the whole feed, kept in this browser under the names that all players here use. */
export function useFeedSound() {
  const [volume] = useState(() => Number(readStored('volume') ?? 1) || 1)
  const [isMuted, setIsMuted] = useState(() => readStored('muted') === 'yes')
  return {
    volume,
    isMuted,
    toggle() {
      setIsMuted(!isMuted)
      writeStored('muted', isMuted ? undefined : 'yes')
    },
    /** The browser allowed no sound without a click: what was chosen stays kept. */
    block: () => setIsMuted(true),
  }
}
