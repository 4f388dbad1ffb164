import type { NetworkInterfaceInfo } from 'node:os'
import type { types } from 'mediasoup'

export type ListenSettings = {
  MEDIA_LISTEN_IP?: string | undefined
  MEDIA_ANNOUNCED_ADDRESS?: string | undefined
}

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>

/**
 * UDP and TCP on one port (0: free ones) of each address that the SFU binds. By default that is every IPv4 address of the
 * machine on its own: `0.0.0.0` needs an announced address, and announcing 127.0.0.1 for it does not connect.
 */
export function listenInfos(
  settings: ListenSettings,
  interfaces: Interfaces,
  port: number,
): types.TransportListenInfo[] {
  const announcedAddress = settings.MEDIA_ANNOUNCED_ADDRESS
  const announced = announcedAddress ? { announcedAddress } : {}
  return bindAddresses(settings, interfaces).flatMap((ip) =>
    (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ip, port, ...announced })),
  )
}

function bindAddresses(settings: ListenSettings, interfaces: Interfaces): string[] {
  if (settings.MEDIA_LISTEN_IP) return [settings.MEDIA_LISTEN_IP]
  if (settings.MEDIA_ANNOUNCED_ADDRESS) return ['0.0.0.0']
  const own = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => info.family === 'IPv4')
    .map((info) => info.address)
  return [...new Set(own.length > 0 ? own : ['127.0.0.1'])]
}
