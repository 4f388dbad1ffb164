import type { AnyTopicName } from '../../src/contract/index.ts'
import { HOUR_MS } from '../../src/core/time.ts'
import { startApp } from '../support/app.ts'
import type { Person } from '../support/person.ts'
import { openSql } from '../support/sql.ts'
import { outcome } from '../support/staff.ts'
import { plantVideo } from '../support/videos.ts'

export const WHO = ['owner', 'follower', 'stranger', 'blocked', 'visitor'] as const
export type Who = (typeof WHO)[number]

type Planted = Partial<Parameters<typeof plantVideo>[1]>

/** An app with the owner of premieres and those who want to see them, and what they do. */
export async function startPremieres() {
  const app = await startApp()
  const named = ['owner', 'follower', 'stranger', 'blocked'] as const
  const entered = await Promise.all(named.map(async (who) => [who, await app.person(who)] as const))
  const people = { ...Object.fromEntries(entered), visitor: await app.visitor() } as Record<Who, Person>
  const { owner, follower, blocked } = people
  await follower.connection.call('follow:add', { accountId: owner.account.id })
  await owner.connection.call('block:add', { accountId: blocked.account.id })

  const edit = async (videoId: string, body: object, who: Person = owner) =>
    (await who.api.request('patch /api/videos/{videoId}', { params: { videoId }, body })).video
  return {
    ...{ app, people, edit },
    plant: async (planted: Planted = {}): Promise<string> => {
      await using sql = openSql(app)
      return await plantVideo(sql, { ownerId: owner.account.id, publishedInMs: null, ...planted })
    },
    announce: (videoId: string, inMs = HOUR_MS, body: object = {}) =>
      edit(videoId, { isPremiere: true, scheduledFor: Date.now() + inMs, ...body }),
    /** Who of them gets what is asked for. */
    those: async (ask: (who: Person) => Promise<unknown>): Promise<Who[]> => {
      const got = await Promise.all(WHO.map(async (who) => (await outcome(ask(people[who]))) === 'done'))
      return WHO.filter((_, i) => got[i])
    },
  }
}

export type Premieres = Awaited<ReturnType<typeof startPremieres>>

export const pageOf = (videoId: string, who: Person) =>
  who.api.request('get /api/videos/{videoId}', { params: { videoId } })

export const playbackOf = (videoId: string, who: Person) =>
  who.api.request('get /api/videos/{videoId}/playback', { params: { videoId } })

export const upcoming = async (who: Person, handle?: string) => {
  const query = handle === undefined ? {} : { handle }
  const { premieres } = await who.api.request('get /api/videos/premieres', { query })
  return premieres.map(({ id }) => id)
}

/** What somebody is answered who joins a topic. */
export async function joins(who: Person, topic: AnyTopicName): Promise<string> {
  const { topics } = await who.connection.call('topic:join', { topics: [{ topic }] })
  const [joined] = topics
  await who.connection.call('topic:leave', { topics: [topic] })
  return joined && 'error' in joined ? joined.error.code : 'done'
}
