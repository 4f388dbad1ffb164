import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { videoVisibility } from '../../drizzle/schema/videos.ts'
import { expected, FILES, OPEN, PRIVACIES, type Privacy, VIEWERS, WAYS_OUT } from './protected-media.table.ts'
import {
  ask,
  COUNTRY_HEADER,
  MARK,
  type MediaWorld,
  outcomeOf,
  startMediaWorld,
} from './protected-media.world.ts'

let world: MediaWorld
beforeAll(async () => {
  world = await startMediaWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const cells = PRIVACIES.flatMap((privacy) => VIEWERS.map((viewer) => [privacy, viewer] as const))

const pathOf = (privacy: Privacy, grant: string, file: string, runId = world.video(privacy).runId) =>
  `/m/${grant}/${world.video(privacy).id}/${runId}/${file}`

/** What comes of asking for each of the files, by its name. */
async function outcomes(paths: readonly string[], options: Parameters<typeof ask>[2] = {}) {
  const answers = await Promise.all(paths.map((path) => ask(world.app, path, options)))
  return answers.map((answer, i) => `${paths[i]} ${outcomeOf(answer)}`)
}
const all = (privacy: Privacy, grant: string, runId?: string) =>
  FILES.map((file) => pathOf(privacy, grant, file, runId))
const each = (paths: readonly string[], outcome: string) => paths.map((path) => `${path} ${outcome}`)

test('the table has every visibility there is', () => {
  expect(PRIVACIES).toEqual(expect.arrayContaining(videoVisibility.enumValues))
})

describe('who asks where the files are', () => {
  test.each(cells)('of a %s video, as %s', async (privacy, viewer) => {
    const bearer = world.person(viewer, privacy)?.bearer
    const country = world.country(viewer)
    const answer = await ask(world.app, `/api/videos/${world.video(privacy).id}/playback`, {
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(country && { [COUNTRY_HEADER]: country }),
      },
    })
    expect(outcomeOf(answer)).toBe(expected(privacy, viewer))
    expect(answer.headers).not.toHaveProperty('set-cookie')
    if (answer.status !== 200) return
    const { baseUrl, expiresAt, expiresInMs } = JSON.parse(answer.text)
    expect(baseUrl.startsWith('/m/public/')).toBe(privacy === OPEN)
    expect([expiresAt === null, expiresInMs === null]).toEqual([privacy === OPEN, privacy === OPEN])
    const paths = FILES.map((file) => `${baseUrl}${file}`)
    expect(await outcomes(paths)).toEqual(each(paths, 'ok'))
  })
})

describe('who holds a grant in their name', () => {
  test.each(cells)('of a %s video, as %s, gets what they may see now', async (privacy, viewer) => {
    const paths = all(privacy, world.grant(viewer, privacy))
    expect(await outcomes(paths)).toEqual(each(paths, expected(privacy, viewer)))
  })

  test.each(cells)(
    'of a %s video, as %s, learns nothing by asking for less than a file',
    async (privacy, viewer) => {
      const outcome = expected(privacy, viewer)
      const grant = world.grant(viewer, privacy)
      const paths = all(privacy, grant)
      for (const headers of [
        { range: 'bytes=0-3' },
        { range: 'bytes=-3' },
        { 'if-none-match': '*' },
        { range: 'bytes=0-3', 'if-range': '"x"' },
      ])
        expect(await outcomes(paths, { headers })).toEqual(each(paths, outcome))
      const heads = await Promise.all(paths.map((path) => ask(world.app, path, { method: 'HEAD' })))
      const status = outcome === 'ok' ? 200 : outcome === 'not_found' ? 404 : 403
      expect(new Set(heads.map((head) => head.status))).toEqual(new Set([status]))
      for (const head of heads) if (status !== 200) expect(head.headers).not.toHaveProperty('etag')
    },
  )

  test.each(PRIVACIES)(
    'who is signed in changes nothing about a stranger’s grant of a %s video',
    async (privacy) => {
      const paths = all(privacy, world.grant('stranger', privacy))
      const headers = { authorization: `Bearer ${world.ownerOf(privacy).bearer}` }
      expect(await outcomes(paths, { headers })).toEqual(each(paths, expected(privacy, 'stranger')))
    },
  )
})

describe.each(PRIVACIES)('of a %s video', (privacy) => {
  /** A signature that is no good is told before anything about the video. */
  const shut = (grant: string) => {
    const paths = all(privacy, grant)
    return outcomes(paths).then((found) => expect(found).toEqual(each(paths, 'token_expired')))
  }

  test('without a grant there is only what everybody may watch', async () => {
    const anonymous = expected(privacy, 'anonymous')
    const outcome = privacy === OPEN ? 'ok' : anonymous === 'ok' ? 'token_expired' : anonymous
    const paths = all(privacy, 'public')
    expect(await outcomes(paths)).toEqual(each(paths, outcome))
  })

  test('a grant of the owner that has ended opens nothing', () =>
    shut(world.grant('owner', privacy, { agoMs: 601_000 })))

  test('a grant of another video opens nothing, not even its owner’s own', async () => {
    for (const other of PRIVACIES.filter((name) => name !== privacy))
      await shut(world.grant('owner', privacy, { videoId: world.video(other).id }))
  })

  test('a grant that this server did not sign opens nothing', async () => {
    await shut(world.grant('owner', privacy, { secretKey: 'some other secret of thirty-two characters' }))
    const [head, , seal] = world.grant('stranger', privacy).split('.')
    const [, body] = world.grant('owner', privacy).split('.')
    for (const forged of [`${head}.${body}.${seal}`, `${head}.${body}.`, 'PUBLIC', 'null', '%70ublic2'])
      await shut(forged)
  })

  test('a former run, one of another video and one that never was have no files', async () => {
    const { formerRunId } = world.video(privacy)
    const other = world.video(privacy === 'private' ? 'followers' : 'private')
    for (const runId of [formerRunId, other.runId, randomUUID(), 'own', '..', '%2e%2e']) {
      const paths = all(privacy, world.grant('moderator', privacy), runId)
      expect(await outcomes(paths), runId).toEqual(each(paths, 'not_found'))
    }
  })

  test('nobody gets the file that was uploaded, nor anything outside of the run', async () => {
    const grants = ['public', ...VIEWERS.map((viewer) => world.grant(viewer, privacy))]
    for (const grant of grants)
      for (const way of WAYS_OUT) {
        const answer = await ask(world.app, pathOf(privacy, grant, way))
        expect(answer.text, way).not.toContain(MARK)
        expect(answer.headers, way).not.toHaveProperty('location')
        expect([400, 401, 403, 404], way).toContain(answer.status)
      }
  })
})

describe('caches', () => {
  const cachingOf = async (privacy: Privacy, grant: string) => {
    const answers = await Promise.all(all(privacy, grant).map((path) => ask(world.app, path)))
    return new Map(FILES.map((file, i) => [file, String(answers[i]?.headers['cache-control'])]))
  }
  const isChanging = (file: string) => /\.(?:m3u8|mpd|vtt)$/.test(file)

  test('that all share keep what is public: files that never change for a year, playlists for two seconds', async () => {
    for (const [file, caching] of await cachingOf('public', 'public'))
      expect(caching, file).toBe(
        isChanging(file) ? 'public, max-age=2' : 'public, max-age=31536000, immutable',
      )
  })

  test.each(PRIVACIES.filter((privacy) => privacy !== 'deleted'))(
    'that all share keep nothing that was granted of a %s video, and the others none of it beyond its grant',
    async (privacy) => {
      for (const [file, caching] of await cachingOf(privacy, world.grant('owner', privacy))) {
        const [, seconds] = /^private, max-age=(\d+)$/.exec(caching) ?? []
        expect(Number(seconds), `${file}: ${caching}`).toBeLessThanOrEqual(isChanging(file) ? 2 : 600)
        expect(Number(seconds), `${file}: ${caching}`).toBeGreaterThan(isChanging(file) ? 1 : 298)
      }
    },
  )

  test('ask again by a tag, and are answered without the file', async () => {
    const path = pathOf('followers', world.grant('follower', 'followers'), '720p/00000.m4s')
    const whole = await ask(world.app, path)
    expect(whole.text).toContain(MARK)
    const again = await ask(world.app, path, { headers: { 'if-none-match': String(whole.headers.etag) } })
    expect([again.status, again.text]).toEqual([304, ''])
  })
})
