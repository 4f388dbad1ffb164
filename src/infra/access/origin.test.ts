import { describe, expect, it } from 'vitest'
import {
  configuredOrigins,
  isAllowedOrigin,
  isLoopbackHost,
  isSecureSite,
  linkOrigin,
  type OriginSettings,
} from './origin.ts'

const plain: OriginSettings = { ALLOWED_ORIGINS: [] }
const allowed = (origin: string | undefined, host: string | undefined, config = plain, httpPort = 3000) =>
  isAllowedOrigin({ origin, host, config, httpPort })

describe('isAllowedOrigin', () => {
  it('lets in a page that came from the host and port of the request', () => {
    expect(allowed('http://localhost:3000', 'localhost:3000')).toBe(true)
    expect(allowed('http://[::1]:3000', '[::1]:3000')).toBe(true)
    expect(allowed('http://LOCALHOST:3000', 'localhost:3000')).toBe(true)
  })

  it('lets in a page of our HTTP port at the socket port of the same host', () => {
    expect(allowed('http://192.168.1.5:3000', '192.168.1.5:3001')).toBe(true)
    expect(allowed('http://example.com', 'example.com:81', plain, 80)).toBe(true)
    expect(allowed('https://example.com', 'example.com:444', plain, 443)).toBe(true)
  })

  it('lets in a page of the address that a proxy hands on as host', () => {
    expect(allowed('https://example.com', 'example.com')).toBe(true)
    expect(allowed('https://example.com', 'example.com:443')).toBe(true)
    expect(allowed('https://example.com', '127.0.0.1:3000')).toBe(false)
  })

  it('refuses another host, another port, a name that only begins alike, and no page at all', () => {
    expect(allowed('http://evil.example', 'localhost:3000')).toBe(false)
    expect(allowed('http://localhost:4000', 'localhost:3001')).toBe(false)
    expect(allowed('http://localhost:3000.evil.example', 'localhost:3000')).toBe(false)
    expect(allowed('http://localhost.evil.example:3000', 'localhost:3000')).toBe(false)
    expect(allowed('null', 'localhost:3000')).toBe(false)
    expect(allowed(undefined, 'localhost:3000')).toBe(false)
    expect(allowed('http://localhost:3000', undefined)).toBe(false)
    expect(allowed('file:///index.html', 'localhost:3000')).toBe(false)
    expect(allowed('chrome-extension://localhost:3000', 'localhost:3000')).toBe(false)
  })

  it('refuses a page without TLS where the server speaks TLS', () => {
    const tls = { ...plain, TLS_CERT_FILE: '/cert.pem' }
    expect(allowed('http://localhost:3000', 'localhost:3000', tls)).toBe(false)
    expect(allowed('https://localhost:3000', 'localhost:3001', tls)).toBe(true)
  })

  it('lets in the configured origins, whatever the host', () => {
    const config = { PUBLIC_URL: 'https://flow.example/start', ALLOWED_ORIGINS: ['https://app.example:443'] }
    expect(allowed('https://flow.example', '10.0.0.1:3000', config)).toBe(true)
    expect(allowed('https://app.example', '10.0.0.1:3000', config)).toBe(true)
    expect(allowed('http://flow.example', '10.0.0.1:3000', config)).toBe(false)
    expect(configuredOrigins(config)).toEqual(['https://flow.example', 'https://app.example'])
  })
})

describe('isLoopbackHost', () => {
  it('knows the names of this machine', () => {
    for (const host of ['localhost:3000', 'localhost', '127.0.0.1:80', '127.1.2.3', '[::1]:3000'])
      expect(isLoopbackHost(host), host).toBe(true)
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '10.0.0.1',
      '',
      undefined,
    ])
      expect(isLoopbackHost(host), host).toBe(false)
  })
})

describe('linkOrigin', () => {
  const links = (
    origin: string | undefined,
    host: string | undefined,
    config: Parameters<typeof linkOrigin>[0]['config'],
  ) => linkOrigin({ origin, host, config, httpPort: 3000 })
  const smtp = { ...plain, SMTP_URL: 'smtp://mail.example' }

  it('is PUBLIC_URL where it is set, whatever the request says', () => {
    const config = { ...smtp, PUBLIC_URL: 'https://flow.example/' }
    expect(links('http://evil.example', 'evil.example', config)).toBe('https://flow.example')
  })

  it('is the page that asked, where mails stay on this machine', () => {
    expect(links('http://192.168.1.5:3000', '192.168.1.5:3000', plain)).toBe('http://192.168.1.5:3000')
    expect(links(undefined, '192.168.1.5:3000', plain)).toBe('http://192.168.1.5:3000')
    expect(links('http://evil.example', 'localhost:3000', plain)).toBe('http://localhost:3000')
    expect(links(undefined, undefined, plain)).toBe('http://localhost:3000')
  })

  it('is never a host that only the request names, where mails leave this machine', () => {
    expect(links('http://evil.example', 'evil.example', smtp)).toBe('http://localhost:3000')
    expect(links(undefined, 'evil.example', { ...smtp, TLS_CERT_FILE: '/c' })).toBe('https://localhost:3000')
    const named = { ...smtp, ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'] }
    expect(links('https://b.example', 'evil.example', named)).toBe('https://b.example')
    expect(links('https://evil.example', 'evil.example', named)).toBe('https://a.example')
  })
})

describe('isSecureSite', () => {
  it('is true under TLS of our own or of a proxy in front', () => {
    expect(isSecureSite({})).toBe(false)
    expect(isSecureSite({ PUBLIC_URL: 'http://flow.example' })).toBe(false)
    expect(isSecureSite({ PUBLIC_URL: 'https://flow.example' })).toBe(true)
    expect(isSecureSite({ TLS_CERT_FILE: '/c' })).toBe(true)
  })
})
