import { createLog } from '../../src/infra/log/log.ts'
import { openRedis, type RedisLink } from '../../src/infra/redis/client.ts'
import { startRedis, startRedisCluster } from './redis.ts'

/** The kinds of Redis that a contract is held over, each begun anew with `start`. */
export const REDIS_KINDS = [
  { kind: 'one Redis', start: () => startRedis() },
  { kind: 'a Redis Cluster', start: () => startRedisCluster() },
] as const

/** A link as a process of the product opens it. */
export const openLink = ({ url }: { url: string }): Promise<RedisLink> =>
  openRedis({ addresses: url.split(','), log: createLog({ LOG_LEVEL: 'silent' }) })
