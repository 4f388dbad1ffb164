import { describe, expect, it } from 'vitest'
import { filesOf, rebase } from './rebase.ts'

describe('the address of a file of a video', () => {
  it('is put under the newest grant', () => {
    const now = '/m/new.grant/v1/r1/'
    expect(rebase('https://a.example/m/old.grant/v1/r1/v720/seg-3.m4s?x=1', now)).toBe(
      'https://a.example/m/new.grant/v1/r1/v720/seg-3.m4s?x=1',
    )
    expect(rebase('https://a.example/m/old/v1/r1/master.m3u8', now)).toBe(
      'https://a.example/m/new.grant/v1/r1/master.m3u8',
    )
  })

  it('is at the CDN from when that serves the video', () => {
    const now = 'https://cdn.example/videos/v1/r1/play/'
    expect(rebase('https://a.example/m/old/v1/r1/720p/00003.m4s', now)).toBe(`${now}720p/00003.m4s`)
    expect(rebase(`${now}720p/00003.m4s`, now)).toBe(`${now}720p/00003.m4s`)
  })

  it('is of the same files under every grant, and of others with another run', () => {
    expect(filesOf('/m/new.grant/v1/r1/')).toBe(filesOf('/m/old.grant/v1/r1/'))
    expect(filesOf('/m/new.grant/v1/r2/')).not.toBe(filesOf('/m/new.grant/v1/r1/'))
    expect(filesOf('https://cdn.example/videos/v1/r1/play/')).not.toBe(
      filesOf('https://cdn.example/videos/v1/r2/play/'),
    )
  })

  it('stays as it is where it is of something else', () => {
    expect(rebase('https://a.example/files/avatars/x.webp', '/m/g/v/r/')).toBe(
      'https://a.example/files/avatars/x.webp',
    )
  })
})
