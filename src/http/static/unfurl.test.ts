import { describe, expect, test } from 'vitest'
import { escapeJson, oembedOf, type Unfurled, unfurlTags, videoIdIn, withTags } from './unfurl.ts'

const ORIGIN = 'https://flow.example'
const ID = '0190a1b2-0000-7000-8000-000000000001'
const video = (more: Partial<Unfurled> = {}): Unfurled => ({
  ...{ id: ID, title: 'A walk', description: '', publishedAt: 0, durationMs: 61_400 },
  ...{ owner: { handle: 'ada', displayName: 'Ada' }, views: 7, posterUrl: '/m/public/a/b/posters/' },
  ...more,
})
const PAGE =
  '<head>\n<title>Social Flow</title>\n<meta name="description" content="Live video." />\n</head><body></body>'
const HOSTILE = [
  '</title><script>alert(1)</script>',
  '" onload="alert(1)',
  "' onerror='alert(1)",
  '</script><script>alert(1)</script>',
  '<!--<script>',
  "$& $1 $` $'",
  '\u2028\u2029]]>',
]

describe('the head of a page of a video', () => {
  test('names it for those who follow links', () => {
    const head = withTags(PAGE, unfurlTags(ORIGIN, video({ description: 'Along the\n\nriver' })))
    expect(head).toContain('<title>A walk · Social Flow</title>')
    expect(head).toContain('<meta name="description" content="Along the river" />')
    expect(head).not.toContain('Live video.')
    expect(head).toContain(`<meta property="og:image" content="${ORIGIN}/m/public/a/b/posters/1280.jpg" />`)
    expect(head).toContain(`content="${ORIGIN}/embed/${ID}"`)
    expect(head).toContain(`href="${ORIGIN}/api/oembed?url=${encodeURIComponent(`${ORIGIN}/watch/${ID}`)}"`)
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(head) ?? []
    expect(JSON.parse(json)).toMatchObject({ '@type': 'VideoObject', name: 'A walk', duration: 'PT61S' })
  })

  test.each(HOSTILE)('has no way out for %j', (text) => {
    const person = { handle: 'ada', displayName: text }
    const head = withTags(PAGE, unfurlTags(ORIGIN, video({ title: text, description: text, owner: person })))
    expect(head.match(/<script/g)).toHaveLength(1)
    expect(head.match(/<\/script>/g)).toHaveLength(1)
    expect(head.match(/<title>/g)).toHaveLength(1)
    expect(head).not.toMatch(/<!--/)
    // Every quote of the text is escaped, so that each tag has the attributes that were written here.
    for (const tag of head.match(/<(?:meta|link)[^>]*>/g) ?? [])
      expect(tag).toMatch(/^<(?:meta|link)(?: [a-z-]+="[^"<>]*")+ \/>$/)
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head) ?? []
    expect(JSON.parse(json)).toMatchObject({ name: text, author: { name: text } })
    expect(json).not.toMatch(/[<>&\u2028\u2029]/)
  })
})

test('oEmbed fits into the room that is given, and its frame is escaped', () => {
  expect(oembedOf(ORIGIN, video(), {})).toMatchObject({ width: 1280, height: 720, author_name: 'Ada' })
  expect(oembedOf(ORIGIN, video(), { maxWidth: 640, maxHeight: 1000 })).toMatchObject({
    width: 640,
    height: 360,
  })
  expect(oembedOf(ORIGIN, video(), { maxHeight: 90 })).toMatchObject({ width: 160, height: 90 })
  const { html } = oembedOf(ORIGIN, video({ title: '"><script>alert(1)</script>' }), {})
  expect(html).not.toContain('<script')
  expect(html.match(/"/g)).toHaveLength(12)
  expect(oembedOf(ORIGIN, video({ posterUrl: null }), {})).not.toHaveProperty('thumbnail_url')
})

test('only pages of one video are about a video', () => {
  expect(videoIdIn(`/watch/${ID.toUpperCase()}`)).toBe(ID)
  expect(videoIdIn(`/embed/${ID}/`)).toBe(ID)
  for (const path of ['/', '/watch', '/watch/1', `/watch/${ID}/x`, `/x/watch/${ID}`, `/live/${ID}`])
    expect(videoIdIn(path)).toBeUndefined()
})

test('JSON in a script keeps its value', () => {
  const value = { text: '</script>&<!-- \u2028' }
  expect(JSON.parse(escapeJson(value))).toEqual(value)
})
