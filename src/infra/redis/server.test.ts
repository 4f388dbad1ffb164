import { describe, expect, it } from 'vitest'
import { judgeServer, optionsOf, shownAddress } from './server.ts'

describe('an address of Redis', () => {
  it('names host, port, user, password, database and TLS', () => {
    expect(optionsOf('rediss://flow:p%3Ass@cache.example:7000/2')).toEqual({
      ...{ host: 'cache.example', port: 7000, username: 'flow', password: 'p:ss', db: 2 },
      tls: { servername: 'cache.example' },
    })
    expect(optionsOf('redis://[::1]')).toEqual({ host: '::1', port: 6379 })
  })
  it('is shown without its password', () => {
    expect(shownAddress(['redis://:secret@a:1', 'redis://b:2'])).toBe('a:1, b:2')
  })
})

describe('a server', () => {
  it('is refused in a sentence where it is too old', () => {
    expect(() => judgeServer('redis_version:6.2.7\r\nredis_mode:standalone')).toThrow(
      /Redis 6\.2\.7; 7 or newer/,
    )
    expect(() => judgeServer('')).toThrow(/unknown version/)
  })
  it('says whether it is part of a Cluster', () => {
    expect(judgeServer('redis_version:7.0.15\r\nredis_mode:cluster')).toEqual({ isCluster: true })
    expect(judgeServer('redis_version:8.2.1\r\nredis_mode:standalone')).toEqual({ isCluster: false })
  })
})
