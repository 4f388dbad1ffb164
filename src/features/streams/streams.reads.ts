/**
 * Reads of streams whose result is pushed. What was read before something was announced of the same stream is older than that
 * and is read again, so that it is never pushed after it. Only streams that are being read are remembered.
 */
export function createStreamReads<Found>(read: (streamId: string) => Promise<Found>) {
  const underWay = new Map<string, { readers: number; announced: number }>()

  return {
    /** Something of a stream is pushed now, or about to be read: what is being read of it is out of date. */
    announced(streamId: string): void {
      const reading = underWay.get(streamId)
      if (reading) reading.announced++
    },

    /** Reads, and hands over what was found in the same turn in which it is known to be of now. */
    async withFresh(streamId: string, use: (found: Found) => void): Promise<void> {
      const reading = underWay.get(streamId) ?? { readers: 0, announced: 0 }
      underWay.set(streamId, reading)
      reading.readers++
      try {
        for (;;) {
          const before = reading.announced
          const found = await read(streamId)
          if (before === reading.announced) return use(found)
        }
      } finally {
        reading.readers--
        if (reading.readers === 0) underWay.delete(streamId)
      }
    },

    /** Streams that are being read. */
    count: () => underWay.size,
  }
}
