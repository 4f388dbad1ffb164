import type { NetworkInterfaceInfo } from 'node:os'
import type { Config } from '../config.ts'
import type { Running } from './start.ts'

type Interfaces = Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>

/** What is printed once a process runs: where it is reached, what runs embedded, and how the first admin gets in. */
export function announcement(config: Config, running: Running, interfaces: Interfaces): string {
  if (running.httpPort === undefined) return `\nSocial Flow runs ${config.ROLES.join(', ')}.\n\n`
  const scheme = config.TLS_CERT_FILE ? 'https' : 'http'
  const local = `${scheme}://localhost:${running.httpPort}`
  const here = config.PUBLIC_URL?.replace(/\/$/, '') ?? local
  const lines = [`Social Flow is at ${here}`]
  if (config.TLS_CERT_FILE && !config.PUBLIC_URL && config.HOST === '0.0.0.0') {
    for (const address of lanAddresses(interfaces))
      lines.push(`  in this network  ${scheme}://${address}:${running.httpPort}`)
  }
  lines.push('', ...facts(config, running))
  if (running.adminPath) {
    lines.push(
      '',
      config.STAFF_SECOND_FACTOR
        ? 'First admin (this link works once, for an hour; it leads to the settings: give the account a password there,'
        : 'First admin (this link works once, for an hour; give the account a password in the settings):',
      ...(config.STAFF_SECOND_FACTOR
        ? ['and two-step verification, before which it may do nothing as an admin):']
        : []),
    )
    lines.push(`  ${here}${running.adminPath}`)
  }
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`
}

function facts(config: Config, running: Running): string[] {
  const table: [string, string][] = [
    ['Database', running.isDatabaseEmbedded ? `embedded PostgreSQL in ${config.DATA_DIR}` : 'DATABASE_URL'],
    [
      'Sockets',
      `${running.engine === 'uws' ? 'uWebSockets.js' : 'ws'}${running.socketPort ? `, port ${running.socketPort}` : ''}`,
    ],
    ['Mails', running.hasInbox ? 'development inbox, /inbox on this machine' : 'SMTP'],
  ]
  return table.map(([name, value]) => `${name.padEnd(9)} ${value}`)
}

const lanAddresses = (interfaces: Interfaces): string[] =>
  Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
