import { expect, test } from 'vitest'
import { avatarSources, coverSources, thumbBackground } from './picture.ts'

const picture = { id: 'x', thumbhash: '3OcRJYB4d3h/iIeHeEh3eIhw+j2w' }

test('an avatar takes the smallest file that is large enough, also on fine screens', () => {
  expect(avatarSources(picture, 36)).toEqual({
    src: '/files/avatars/x-64.webp',
    srcSet: '/files/avatars/x-64.webp 1x, /files/avatars/x-128.webp 2x',
  })
  expect(avatarSources(picture, 200).srcSet).toBe(
    '/files/avatars/x-256.webp 1x, /files/avatars/x-256.webp 2x',
  )
})

test('a cover offers every width', () => {
  expect(coverSources(picture).srcSet.split(', ')).toHaveLength(3)
})

test('a hash becomes a picture, and a damaged one nothing', () => {
  expect(thumbBackground(picture)).toMatch(/^center \/ cover url\(data:image\/png;base64,/)
  for (const thumbhash of ['', '%%%', 'AA=='])
    expect(() => thumbBackground({ ...picture, thumbhash })).not.toThrow()
})
