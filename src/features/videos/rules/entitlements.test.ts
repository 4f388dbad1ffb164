import { expect, test, vi } from 'vitest'
import type { VideoRow } from '../videos.repo.ts'
import { mustBeOffered, nothingIsSold, paidOf } from './entitlements.ts'

const videos = (['public', 'subscribers', 'private', 'paid'] as const).map((visibility) => ({
  ...{ id: visibility, visibility },
})) as VideoRow[]

test('what somebody has paid for is asked once, of what is sold alone', async () => {
  const paidFor = vi.fn(async () => new Set(['paid']))
  expect(await paidOf({ paidFor }, 'somebody', videos)).toEqual(new Set(['paid']))
  expect(paidFor.mock.calls).toEqual([['somebody', [videos[1], videos[3]]]])
})

test('a visitor has paid for nothing, and what is free is not asked about', async () => {
  const paidFor = vi.fn(async () => new Set(['paid']))
  expect(await paidOf({ paidFor }, undefined, videos)).toEqual(new Set())
  expect(await paidOf({ paidFor }, 'somebody', [videos[0] as VideoRow])).toEqual(new Set())
  expect(paidFor).not.toHaveBeenCalled()
})

test.each(['subscribers', 'paid'] as const)(
  'for %s a video can be only where its owner sells it',
  async (kind) => {
    const refusal = { code: 'conflict', details: { reason: 'unsold' } }
    await expect(mustBeOffered(nothingIsSold, 'owner', kind)).rejects.toMatchObject(refusal)
    const offeredBy = async (ownerId: string) => new Set(ownerId === 'owner' ? [kind] : [])
    await mustBeOffered({ offeredBy }, 'owner', kind)
    await expect(mustBeOffered({ offeredBy }, 'another', kind)).rejects.toMatchObject(refusal)
  },
)

test('what costs nothing is asked of nobody', async () => {
  const offeredBy = vi.fn(async () => new Set<never>())
  for (const visibility of ['public', 'unlisted', 'followers', 'private', undefined] as const)
    await mustBeOffered({ offeredBy }, 'owner', visibility)
  expect(offeredBy).not.toHaveBeenCalled()
})
