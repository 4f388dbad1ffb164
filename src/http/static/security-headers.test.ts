import { describe, expect, it } from 'vitest'
import { socketSources } from './security-headers.ts'

describe('socketSources', () => {
  it('are the host of the page at its own port and at that of the sockets', () => {
    const sources = socketSources(undefined, 'flow.example:3000', 3001)
    expect(sources).toContain('ws://flow.example:3000')
    expect(sources).toContain('wss://flow.example:3001')
    expect(socketSources(undefined, '[::1]:3000', 3001)).toContain('ws://[::1]:3001')
    expect(socketSources(undefined, 'flow.example', null)).not.toContain('ws://flow.example:3001')
  })

  it('are SOCKET_URL alone where it is set', () => {
    expect(socketSources('https://sockets.example', 'flow.example', 3001)).toEqual([
      'ws://sockets.example',
      'wss://sockets.example',
      'http://sockets.example',
      'https://sockets.example',
    ])
  })

  it('are none for a host that is not one', () => {
    for (const host of [undefined, '', 'x; script-src *', 'a b', 'x:port'])
      expect(socketSources(undefined, host, 3001), host).toEqual([])
  })
})
