import type { RedisLink } from '../../../src/infra/redis/client.ts'
import { defineScript } from '../../../src/infra/redis/script.ts'

/**
 * KEYS[1] of every script is a topic's hash: run, epoch, head or version. An epoch names the life of the key in one run of
 * one Redis server: one that was restored or has taken over has another run id, so offsets that it hands out again are
 * never mistaken for those that were handed out before.
 */
const LIFE = `
local meta = KEYS[1]
local run = string.sub(string.match(redis.call('INFO', 'server'), 'run_id:(%w+)'), 1, 12)
local function begin()
  local time = redis.call('TIME')
  local epoch = run .. '.' .. time[1] .. string.format('%06d', time[2])
  redis.call('DEL', unpack(KEYS, 1, 2))
  redis.call('HSET', meta, 'run', run, 'epoch', epoch, 'head', 0)
  return epoch
end
local epoch = redis.call('HGET', meta, 'epoch')
local isOther = redis.call('HGET', meta, 'run') ~= run
`

/**
 * Appends. KEYS: hash, list, channel. ARGV: node, batch (numbers of a node grow; one that comes again changes nothing),
 * whether items before were lost (a new epoch says so), items kept, life in ms, items as JSON. Answers epoch and first offset.
 */
const APPEND = `${LIFE}
local from = 'from:' .. ARGV[1]
if not isOther then
  local batch, first = string.match(redis.call('HGET', meta, from) or '', '(%d+):(%d+)')
  if batch == ARGV[2] then return { epoch, tonumber(first) } end
end
if isOther or ARGV[3] == '1' then epoch = begin() end
local first = redis.call('HGET', meta, 'head') + 1
redis.call('RPUSH', KEYS[2], unpack(ARGV, 6))
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[4]), -1)
redis.call('HSET', meta, 'head', first + #ARGV - 6, from, ARGV[2] .. ':' .. first)
redis.call('PEXPIRE', meta, ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
local items = table.concat(ARGV, ',', 6)
redis.call('SPUBLISH', KEYS[3], ARGV[1] .. ' {"e":"' .. epoch .. '","r":[[' .. first .. ',[' .. items .. ']]]}')
return { epoch, first }`

/**
 * Reads what came after an offset. KEYS: hash, list. ARGV: epoch and offset that are known, life in ms. Answers epoch,
 * head, and the items after that offset, or in another epoch all that are kept.
 */
const READ = `${LIFE}
if isOther then epoch = begin() end
redis.call('PEXPIRE', meta, ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local head = tonumber(redis.call('HGET', meta, 'head'))
local missing = epoch == ARGV[1] and head - ARGV[2] or head
return { epoch, head, missing > 0 and redis.call('LRANGE', KEYS[2], -missing, -1) or {} }`

/** Clocks of machines that are in order differ by less. */
const CLOCK_SKEW_MS = 30_000

/**
 * Sets a latest value. KEYS: hash, lock, channel. ARGV: node, value as JSON, when it was true (ms; empty: by the clock of
 * Redis), for how many ms it has waited, tick in ms, life in ms. Of the nodes that set within a tick one is elected; a value
 * that was true before the one that stands is dropped, unless that one comes from the future: a clock was set meanwhile.
 * Answers epoch and version, or version -1 where another try is due in the next tick.
 */
const SET = `${LIFE}
if isOther then epoch = begin() end
local time = redis.call('TIME')
local at, waited = tonumber(ARGV[3]), tonumber(ARGV[4])
if not at then at = time[1] * 1000 + math.floor(time[2] / 1000) - waited end
local stands = redis.call('HMGET', meta, 'head', 'value', 'at')
local version = tonumber(stands[1])
local ahead = (tonumber(stands[3]) or 0) - at
if ahead > 0 and ahead <= waited + ${CLOCK_SKEW_MS} then return { epoch, version, stands[2] } end
if stands[2] == ARGV[2] then
  redis.call('HSET', meta, 'at', string.format('%.3f', at))
  return { epoch, version, ARGV[2] }
end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[5]) then return { epoch, -1, '' } end
version = version + 1
redis.call('HSET', meta, 'head', version, 'value', ARGV[2], 'at', string.format('%.3f', at))
redis.call('PEXPIRE', meta, ARGV[6])
redis.call('SPUBLISH', KEYS[3], ARGV[1] .. ' {"e":"' .. epoch .. '","r":[[' .. version .. ',[' .. ARGV[2] .. ']]]}')
return { epoch, version, ARGV[2] }`

/** Reads a latest value. KEYS: hash, lock. ARGV: life in ms. Answers epoch, version, value (empty before the first). */
const GET = `${LIFE}
if isOther then epoch = begin() end
redis.call('PEXPIRE', meta, ARGV[1])
return { epoch, tonumber(redis.call('HGET', meta, 'head')), redis.call('HGET', meta, 'value') or '' }`

/** The scripts of live and latest topics; all keys of a topic share its hash tag. */
export const defineTopicScripts = (link: RedisLink) => ({
  append: defineScript(link, 'flowAppend', 3, APPEND),
  read: defineScript(link, 'flowRead', 2, READ),
  set: defineScript(link, 'flowSet', 3, SET),
  get: defineScript(link, 'flowGet', 2, GET),
})

export type TopicScripts = ReturnType<typeof defineTopicScripts>

export const metaKey = (topic: string) => `flow:{${topic}}:meta`
export const listKey = (topic: string) => `flow:{${topic}}:list`
export const lockKey = (topic: string) => `flow:{${topic}}:lock`
