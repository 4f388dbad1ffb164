import type { RedisLink } from './client.ts'

export type Script = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>

/**
 * A Lua script of `keyCount` keys, which share a hash tag: sent by its digest, many of one turn in one packet. Names are
 * those of all scripts of the process.
 */
export function defineScript(link: RedisLink, name: string, keyCount: number, lua: string): Script {
  const client = link.commands
  // The number of keys must be fixed: grouping by slot takes the first argument for a key.
  client.defineCommand(name, { numberOfKeys: keyCount, lua })
  const run = (client as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>)[name]
  if (!run) throw new Error(`The script ${name} could not be defined.`)
  return (keys, args) => run.call(client, ...keys, ...args)
}
