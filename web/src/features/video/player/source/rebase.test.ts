import { describe, expect, it } from 'vitest'
import { rebase } from './rebase.ts'

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

  it('stays as it is where it is of something else', () => {
    expect(rebase('https://a.example/files/avatars/x.webp', '/m/g/v/r/')).toBe(
      'https://a.example/files/avatars/x.webp',
    )
  })
})
