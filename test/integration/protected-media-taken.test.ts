import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { call, setPrivacy } from '../support/privacy.ts'
import { about, appoint } from '../support/staff.ts'
import { until } from '../support/until.ts'
import { FILES } from './protected-media.table.ts'
import { ask, type MediaWorld, outcomeOf, startMediaWorld } from './protected-media.world.ts'

let world: MediaWorld
beforeAll(async () => {
  world = await startMediaWorld()
  await appoint(world.app, viewer('moderator'), 'admin')
})
afterAll(() => world[Symbol.asyncDispose]())

const viewer = (name: 'owner' | 'follower' | 'moderator') => {
  const found = world.person(name, 'followers')
  if (!found) throw new Error(`There is no ${name}.`)
  return found
}
const idOf = (name: 'owner' | 'follower' | 'moderator') => viewer(name).account.id

// The follower follows, and nothing else is between the two.
beforeEach(async () => {
  await call(viewer('owner'), 'block:remove', idOf('follower'))
  await setPrivacy(viewer('owner'), {})
  await call(viewer('follower'), 'follow:add', idOf('owner'))
})

const edit = (videoId: string, body: object) =>
  viewer('owner').api.request('patch /api/videos/{videoId}', { params: { videoId }, body })
const block = () => call(viewer('owner'), 'block:add', idOf('follower'))

type Taken = {
  by: string
  visibility?: string
  take: (videoId: string) => Promise<unknown>
  refusal: string
}
const HOUR_MS = 3_600_000

/** How somebody loses what they could see, and what they are told of its files from then on. */
const TAKEN: Taken[] = [
  {
    by: 'its owner makes it private',
    take: (id) => edit(id, { visibility: 'private' }),
    refusal: 'not_found',
  },
  {
    by: 'its owner, who made it for everybody, makes it private',
    visibility: 'public',
    take: (id) => edit(id, { visibility: 'private' }),
    refusal: 'not_found',
  },
  {
    by: 'its owner shuts it in their country',
    take: (id) => edit(id, { deniedCountries: ['DE'] }),
    refusal: 'forbidden country',
  },
  {
    by: 'its owner deletes it',
    take: (videoId) => viewer('owner').api.request('delete /api/videos/{videoId}', { params: { videoId } }),
    refusal: 'not_found',
  },
  {
    by: 'it is to come out later',
    take: (id) =>
      world.sql`update videos set published_at = ${new Date(Date.now() + HOUR_MS)} where id = ${id}`,
    refusal: 'not_found',
  },
  {
    by: 'they follow no more',
    take: () => call(viewer('follower'), 'follow:remove', idOf('owner')),
    refusal: 'not_found',
  },
  {
    by: 'its owner blocks them and lets them go again, so that they follow no more',
    take: () => block().then(() => call(viewer('owner'), 'block:remove', idOf('follower'))),
    refusal: 'not_found',
  },
  { by: 'its owner blocks them', visibility: 'unlisted', take: block, refusal: 'not_found' },
  {
    by: 'its owner makes their account private, and they had not followed',
    visibility: 'unlisted',
    async take() {
      await call(viewer('follower'), 'follow:remove', idOf('owner'))
      await setPrivacy(viewer('owner'), { isPrivate: true })
    },
    refusal: 'not_found',
  },
  {
    by: 'they hide what is for adults, which it turns out to be',
    async take(id) {
      await viewer('follower').api.request('patch /api/preferences', { body: { sensitiveContent: 'hide' } })
      await edit(id, { isAgeRestricted: true })
    },
    refusal: 'forbidden age',
  },
  {
    by: 'staff bans them',
    take: () =>
      viewer('moderator').api.request('put /api/admin/people/{accountId}/sanction', {
        ...about(viewer('follower')),
        body: { kind: 'banned', reason: 'For the test' },
      }),
    refusal: 'not_found',
  },
]

test.each(TAKEN)('what somebody holds of a video opens nothing any more once $by', async (taken) => {
  const { visibility = 'followers', take, refusal } = taken
  const { id } = await world.plant(viewer('owner'), { visibility })
  const headers = { 'x-country': 'DE', authorization: `Bearer ${viewer('follower').bearer}` }
  const answer = await ask(world.app, `/api/videos/${id}/playback`, { headers })
  const { baseUrl } = JSON.parse(answer.text)
  const outcomes = async () =>
    Promise.all(FILES.map(async (file) => outcomeOf(await ask(world.app, baseUrl + file))))
  expect(new Set(await outcomes())).toEqual(new Set(['ok']))
  await take(id)
  // New addresses are refused at once, and what was given out within the life of a decision.
  expect(outcomeOf(await ask(world.app, `/api/videos/${id}/playback`, { headers }))).toBe(refusal)
  await until('the end of what was decided', async () =>
    (await outcomes()).every((found) => found === refusal),
  )
})
