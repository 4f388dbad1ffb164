import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/infra/log/log.ts'
import { createPlatform } from '../../src/roles/platform.ts'
import { startCdn, type TestCdn } from '../support/cdn.ts'
import {
  expected,
  FILES,
  PRIVACIES,
  type Privacy,
  VIEWERS,
  type Viewer,
  WAYS_OUT,
} from './protected-media.table.ts'
import {
  type Answer,
  ask,
  COUNTRY_HEADER,
  GRANT_SECONDS,
  type MediaWorld,
  outcomeOf,
  SECRET,
  startMediaWorld,
} from './protected-media.world.ts'

let cdn: TestCdn
let world: MediaWorld
beforeAll(async () => {
  cdn = await startCdn()
  world = await startMediaWorld(cdn.settings)
  cdn.serve(world.app)
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await cdn[Symbol.asyncDispose]()
})

const cells = PRIVACIES.flatMap((privacy) => VIEWERS.map((viewer) => [privacy, viewer] as const))
const NAMES = ['CloudFront-Policy', 'CloudFront-Signature', 'CloudFront-Key-Pair-Id']

/** Where the files of a video lie at the CDN. */
const folderOf = (privacy: Privacy) => {
  const { id, runId } = world.video(privacy)
  return `/videos/${id}/${runId}/play/`
}

const playbackOf = (privacy: Privacy, viewer: Viewer): Promise<Answer> => {
  const bearer = world.person(viewer, privacy)?.bearer
  const country = world.country(viewer)
  return ask(world.app, `/api/videos/${world.video(privacy).id}/playback`, {
    headers: {
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(country && { [COUNTRY_HEADER]: country }),
    },
  })
}

type Cookie = { name: string; value: string; attributes: Record<string, string> }

const cookiesIn = (answer: Answer): Cookie[] =>
  [answer.headers['set-cookie'] ?? []].flat().map((header) => {
    const [pair = '', ...rest] = header.split('; ')
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const attributes = rest.map((text) => text.split('=')).map(([key = '', said = 'yes']) => [key, said])
    return { name, value, attributes: Object.fromEntries(attributes) }
  })
const valuesIn = (cookies: readonly Cookie[]) =>
  Object.fromEntries(cookies.map(({ name, value }) => [name, value]))

/** What the CDN says to somebody with these cookies, whatever their path. */
async function statusAt(path: string, cookies: Record<string, string>): Promise<number> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return (await ask(cdn, path, { headers: { cookie } })).status
}

describe('at a CDN', () => {
  test.each(cells)('cookies are signed of a %s video for %s, or refused', async (privacy, viewer) => {
    const answer = await playbackOf(privacy, viewer)
    const cookies = cookiesIn(answer)
    expect(outcomeOf(answer)).toBe(expected(privacy, viewer))
    if (expected(privacy, viewer) !== 'ok') {
      expect(answer.headers).not.toHaveProperty('set-cookie')
      expect(answer.text).not.toContain(cdn.url)
      return
    }
    expect(cookies.map(({ name }) => name)).toEqual(NAMES)
    const baseUrl = cdn.url + folderOf(privacy)
    const playback = JSON.parse(answer.text)
    expect(playback).toMatchObject({
      ...{ baseUrl, hlsUrl: `${baseUrl}master.m3u8`, dashUrl: `${baseUrl}manifest.mpd` },
    })
    expect(cdn.policyIn(valuesIn(cookies))).toEqual({
      Statement: [
        {
          Resource: `${baseUrl}*`,
          Condition: { DateLessThan: { 'AWS:EpochTime': playback.expiresAt / 1000 } },
        },
      ],
    })
    expect(playback.expiresInMs).toBeGreaterThan((GRANT_SECONDS - 30) * 1000)
    expect(playback.expiresInMs).toBeLessThanOrEqual(2 * GRANT_SECONDS * 1000)
    expect(answer.headers['cache-control']).toBe('no-store')
    for (const { attributes } of cookies) {
      const { 'Max-Age': maxAgeS, ...others } = attributes
      expect(others).toEqual({
        ...{ Path: folderOf(privacy), HttpOnly: 'yes', Secure: 'yes', SameSite: 'None', Partitioned: 'yes' },
      })
      expect(Math.abs(Number(maxAgeS) * 1000 - playback.expiresInMs)).toBeLessThan(30_000)
    }
    for (const file of FILES)
      expect(await statusAt(folderOf(privacy) + file, valuesIn(cookies)), file).toBe(200)
  })

  test('cookies of one video open no other, no other run and not what was uploaded', async () => {
    const cookies = valuesIn(cookiesIn(await playbackOf('followers', 'follower')))
    const { id, runId, formerRunId } = world.video('followers')
    for (const path of [
      ...PRIVACIES.filter((privacy) => privacy !== 'followers').map((name) => `${folderOf(name)}master.m3u8`),
      `/videos/${id}/${formerRunId}/play/master.m3u8`,
      `/videos/${id}/${runId}/source.bin`,
      `/videos/${id}/own/${FILES.at(-1)}`,
    ])
      expect(await statusAt(path, cookies), path).toBe(403)
    expect(await statusAt(`${folderOf('followers')}master.m3u8`, cookies)).toBe(200)
  })

  test('nobody gets from below a folder that is open to them to what lies elsewhere', async () => {
    const cookies = valuesIn(cookiesIn(await playbackOf('followers', 'owner')))
    const ways = [...WAYS_OUT, '../../own/captions/x.vtt', '../../../../../../../etc/passwd']
    for (const way of ways)
      expect([403, 404], way).toContain(await statusAt(folderOf('followers') + way, cookies))
  })

  test('cookies that were altered, mixed or left out open nothing', async () => {
    const own = valuesIn(cookiesIn(await playbackOf('followers', 'follower')))
    const other = valuesIn(cookiesIn(await playbackOf('private', 'owner')))
    const path = `${folderOf('private')}master.m3u8`
    expect(await statusAt(path, other)).toBe(200)
    for (const cookies of [
      ...[{}, own, { ...other, 'CloudFront-Signature': '' }],
      ...NAMES.slice(0, 2).map((name) => ({ ...other, [name]: own[name] ?? '' })),
    ])
      expect(await statusAt(path, cookies)).toBe(403)
  })

  test('pages may load from it, and from nowhere else but here', async () => {
    const { headers } = await ask(world.app, '/')
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => {
          const [name = '', ...sources] = directive.split(' ')
          return [name, sources] as const
        }),
    )
    expect(policy.get('img-src')).toEqual(["'self'", 'data:', 'blob:', cdn.url])
    expect(policy.get('media-src')).toEqual(["'self'", 'blob:', cdn.url])
    expect(policy.get('connect-src')).toContain(cdn.url)
    for (const name of ['default-src', 'script-src', 'worker-src', 'style-src'])
      expect(policy.get(name), name).not.toContain(cdn.url)
  })

  test.each([
    ['is not there', '/nowhere/key.pem', /can not be read/],
    ['has no key', import.meta.filename, /has no RSA key/],
  ])('a process whose key file %s does not start, and says so', async (_what, file, said) => {
    const config = readConfig({
      ...cdn.settings,
      ROLES: 'http',
      SECRET_KEY: SECRET,
      MEDIA_CDN_KEY_FILE: file,
    })
    const starting = createPlatform(config, createLog({ LOG_LEVEL: 'silent' }))
    await expect(starting).rejects.toMatchObject({ name: 'StartError', message: expect.stringMatching(said) })
  })

  test('posters of lists go on being served here, under the same decision', async () => {
    const { video } = await world
      .ownerOf('followers')
      .api.request('get /api/videos/{videoId}', { params: { videoId: world.video('followers').id } })
    expect(video.posterUrl).toMatch(/^\/m\/[\w-]+\.[\w-]+\.[\w-]+\//)
    expect((await ask(world.app, `${video.posterUrl}480.avif`)).status).toBe(200)
  })
})
