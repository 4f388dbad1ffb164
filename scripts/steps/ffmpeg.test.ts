import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const isRoot = process.getuid?.() === 0
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'social-flow-apt-'))
  const shebang = '#!/bin/sh\n'
  // `$0` is the program's own path.
  await writeFile(join(dir, 'apt-get'), `${shebang}echo "$@" >> "$0.log"\nexit $APT_CODE\n`, { mode: 0o755 })
})
afterAll(() => rm(dir, { recursive: true }))

/** What the step says on a machine with nothing but that apt-get, and what apt-get was told. */
async function install(env: Record<string, string>) {
  const log = join(dir, 'apt-get.log')
  await rm(log, { force: true })
  const module = new URL('ffmpeg.mjs', import.meta.url).href
  const program = `(await import(${JSON.stringify(module)})).installFfmpeg()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: dir, APT_CODE: '0', ...env },
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  return { code, said, told: (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(Boolean) }
}

test('ffmpeg is installed where it is missing and root asks; others are told how', async () => {
  const { code, said, told } = await install({})
  expect(code).toBe(0)
  if (isRoot) expect(told).toEqual(['update', 'install --yes --no-install-recommends ffmpeg'])
  else expect(said).toContain('apt install ffmpeg')
})

test('a machine where apt fails goes on, and says so', async () => {
  const { code, said } = await install({ APT_CODE: '100' })
  expect(code).toBe(0)
  expect(said).toContain("Videos can't be prepared until there is one: apt install ffmpeg")
})

test.each([
  ['an ffmpeg is named', { FFMPEG_PATH: '/opt/ffmpeg' }],
  ['it prepares no videos', { ROLES: 'gateway,http' }],
])('nothing is installed where %s', async (_why, env) => {
  expect(await install(env)).toEqual({ code: 0, said: '', told: [] })
})
