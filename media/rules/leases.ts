import { SECOND_MS } from '../../src/core/time.ts'

/**
 * Which gateway answers for which transport: the one that opened it, or that claimed it last because its viewer moved
 * there. Only that one may close it, and when it has been gone for a while, its transports are closed: nobody would end
 * them when their viewer's rights do.
 */
export type Leases = {
  /** A link to the gateway is up. */
  up(gateway: string): void
  down(gateway: string): void
  hold(gateway: string, transportId: string, peer: string): void
  /** Of another gateway, or of none that is known. */
  isForeign(gateway: string, transportId: string): boolean
  release(transportId: string): void
  /** Forgets what has closed by itself: `isOpen` asks the SFU. */
  sweep(isOpen: (lease: { transportId: string; peer: string }) => Promise<boolean>): Promise<void>
  stop(): void
}

/** Longer than a viewer takes to another gateway, and than most links are cut. */
const GATEWAY_AWAY_MS = 60 * SECOND_MS

export function createLeases(close: (transportId: string) => void): Leases {
  const holders = new Map<string, { gateway: string; peer: string }>()
  const links = new Map<string, number>()
  const timers = new Map<string, NodeJS.Timeout>()

  function giveUp(gateway: string): void {
    timers.delete(gateway)
    for (const [transportId, holder] of holders) {
      if (holder.gateway !== gateway) continue
      holders.delete(transportId)
      close(transportId)
    }
  }

  return {
    up(gateway) {
      clearTimeout(timers.get(gateway))
      timers.delete(gateway)
      links.set(gateway, (links.get(gateway) ?? 0) + 1)
    },
    down(gateway) {
      const left = (links.get(gateway) ?? 0) - 1
      if (left > 0) return void links.set(gateway, left)
      links.delete(gateway)
      timers.set(
        gateway,
        setTimeout(() => giveUp(gateway), GATEWAY_AWAY_MS),
      )
    },
    hold: (gateway, transportId, peer) => void holders.set(transportId, { gateway, peer }),
    isForeign: (gateway, transportId) => (holders.get(transportId)?.gateway ?? gateway) !== gateway,
    release: (transportId) => void holders.delete(transportId),
    async sweep(isOpen) {
      for (const [transportId, { peer }] of [...holders])
        if (!(await isOpen({ transportId, peer }))) holders.delete(transportId)
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
