import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cachedBinary, findScriptDir, prebuiltUrl } from './places.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'media-worker-places-'))
  mkdirSync(join(root, 'scripts', 'media-worker', 'overlay'), { recursive: true })
  mkdirSync(join(root, 'dist', 'deep'), { recursive: true })
  writeFileSync(join(root, 'scripts', 'media-worker', 'build.sh'), 'one')
})
afterEach(() => rmSync(root, { recursive: true }))

test('the script is found from a bundle as well as from a source folder', () => {
  expect(findScriptDir(join(root, 'dist', 'deep'))).toBe(join(root, 'scripts', 'media-worker'))
  expect(findScriptDir(tmpdir())).toBeUndefined()
})

test('a change of any file of the script is another place in the cache, and so is another version', () => {
  const dir = findScriptDir(root)
  const first = cachedBinary('/cache', '3.27.1', dir)
  expect(first).toMatch(/^\/cache\/social-flow\/media-worker\/3\.27\.1-[0-9a-f]{12}\/mediasoup-worker$/)
  expect(cachedBinary('/cache', '3.27.1', dir)).toBe(first)
  writeFileSync(join(root, 'scripts', 'media-worker', 'overlay', 'srtp.h'), 'two')
  expect(cachedBinary('/cache', '3.27.1', dir)).not.toBe(first)
  expect(cachedBinary('/cache', '3.28.0', undefined)).toBe(
    '/cache/social-flow/media-worker/3.28.0-prebuilt/mediasoup-worker',
  )
})

test('the address of the published binary names the kernel on Linux only', () => {
  const linux = { platform: 'linux', arch: 'x64', kernelRelease: '6.1.0-18-amd64' }
  expect(prebuiltUrl('3.27.1', linux)).toBe(
    'https://github.com/versatica/mediasoup/releases/download/3.27.1/mediasoup-worker-3.27.1-linux-x64-kernel6.tgz',
  )
  expect(prebuiltUrl('3.27.1', { platform: 'darwin', arch: 'arm64', kernelRelease: '23.1.0' })).toMatch(
    /mediasoup-worker-3\.27\.1-darwin-arm64\.tgz$/,
  )
})
