import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { system } from './browser.ts'

/**
 * A host of the test's own: a network namespace joined to this machine by one cable, which can be cut. What runs in it
 * reaches this machine at `serverAddress` and nothing else.
 */
export type CuttableNetwork = AsyncDisposable & {
  namespace: string
  serverAddress: string
  /** Drops every packet both ways, without either side being told. */
  cut(): Promise<void>
  /** Drops UDP alone, as strict firewalls do. */
  blockUdp(): Promise<void>
  /** Undoes either. */
  mend(): Promise<void>
  /** Packets that came over the cable from the namespace so far, counted on this machine's side. */
  packetsFrom(): Promise<number>
}

export async function createCuttableNetwork(): Promise<CuttableNetwork> {
  const id = randomInt(1000, 9999)
  const [namespace, here, there] = [`sf-test-${id}`, `sfh${id}`, `sft${id}`]
  const subnet = `10.77.${randomInt(1, 250)}`
  const inside = (...args: string[]) => system('ip', 'netns', 'exec', namespace, ...args)
  await system('ip', 'netns', 'add', namespace)
  await system('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', namespace)
  await system('sysctl', '-qw', `net.ipv6.conf.${here}.disable_ipv6=1`)
  await system('ip', 'addr', 'add', `${subnet}.1/24`, 'dev', here)
  await system('ip', 'link', 'set', here, 'up')
  await inside('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
  await inside('ip', 'addr', 'add', `${subnet}.2/24`, 'dev', there)
  await inside('ip', 'link', 'set', there, 'up')
  await inside('ip', 'link', 'set', 'lo', 'up')
  const nft = (...args: string[]) => inside('nft', ...args)
  /** Drops what matches, both ways; everything where nothing is given. */
  const drop = async (match: string) => {
    await nft('add', 'table', 'netdev', 'cable')
    for (const hook of ['ingress', 'egress']) {
      await nft(
        'add',
        'chain',
        'netdev',
        'cable',
        hook,
        `{ type filter hook ${hook} device ${there} priority 0; }`,
      )
      await nft('add', 'rule', 'netdev', 'cable', hook, ...match.split(' ').filter(Boolean), 'drop')
    }
  }
  return {
    namespace,
    serverAddress: `${subnet}.1`,
    cut: () => drop(''),
    blockUdp: () => drop('ip protocol udp'),
    mend: async () => void (await nft('delete', 'table', 'netdev', 'cable')),
    packetsFrom: async () => Number(await readFile(`/sys/class/net/${here}/statistics/rx_packets`, 'utf8')),
    async [Symbol.asyncDispose]() {
      // The cable goes with its end in the namespace.
      await system('ip', 'netns', 'del', namespace)
    },
  }
}
