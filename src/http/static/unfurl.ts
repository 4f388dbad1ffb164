/** What links of a public video say of it elsewhere. */
export type Unfurled = {
  id: string
  title: string
  description: string
  owner: { handle: string; displayName: string }
  publishedAt: number | null
  durationMs: number | null
  views: number
  posterUrl: string | null
}

/** Longer ones are cut off by whoever shows them. */
const DESCRIPTION_CHARS = 300
const SITE = 'Social Flow'
const EMBED_WIDTH = 1280
const EMBED_HEIGHT = 720

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
/** Text within an attribute or an element of HTML. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char)

/** JSON within a script element: nothing in it can end the element or begin a comment (HTML, 4.12.1.3). */
export const escapeJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const meta = (name: string, content: string | number): string => {
  const attribute = name.startsWith('og:') ? 'property' : 'name'
  return `<meta ${attribute}="${name}" content="${escapeHtml(String(content))}" />`
}

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > DESCRIPTION_CHARS ? `${line.slice(0, DESCRIPTION_CHARS - 1)}…` : line
}

/** ISO 8601, as schema.org has durations. */
const isoDuration = (ms: number): string => `PT${Math.max(1, Math.round(ms / 1000))}S`

const addresses = (origin: string, { id, posterUrl, owner }: Unfurled) => ({
  page: `${origin}/watch/${id}`,
  embed: `${origin}/embed/${id}`,
  picture: posterUrl === null ? undefined : `${origin}${posterUrl}1280.jpg`,
  channel: `${origin}/@${owner.handle}`,
})

/** Tags for the head of the page of a video: OpenGraph, Twitter's player card, JSON-LD of schema.org, and where oEmbed is. */
export function unfurlTags(origin: string, video: Unfurled): string {
  const { page, embed, picture } = addresses(origin, video)
  const about = shortened(video.description)
  const oembed = `${origin}/api/oembed?url=${encodeURIComponent(page)}`
  return [
    `<title>${escapeHtml(`${video.title} · ${SITE}`)}</title>`,
    `<link rel="canonical" href="${escapeHtml(page)}" />`,
    `<link rel="alternate" type="application/json+oembed" href="${escapeHtml(oembed)}" title="${escapeHtml(video.title)}" />`,
    ...(about
      ? [meta('description', about), meta('og:description', about), meta('twitter:description', about)]
      : []),
    meta('og:site_name', SITE),
    meta('og:type', 'video.other'),
    meta('og:url', page),
    meta('og:title', video.title),
    ...(picture ? [meta('og:image', picture), meta('twitter:image', picture)] : []),
    meta('og:video:url', embed),
    meta('og:video:secure_url', embed),
    meta('og:video:type', 'text/html'),
    meta('og:video:width', EMBED_WIDTH),
    meta('og:video:height', EMBED_HEIGHT),
    meta('twitter:card', 'player'),
    meta('twitter:title', video.title),
    meta('twitter:player', embed),
    meta('twitter:player:width', EMBED_WIDTH),
    meta('twitter:player:height', EMBED_HEIGHT),
    `<script type="application/ld+json">${escapeJson(linkedData(origin, video))}</script>`,
  ].join('\n    ')
}

function linkedData(origin: string, video: Unfurled): object {
  const { page, embed, picture, channel } = addresses(origin, video)
  return {
    ...{ '@context': 'https://schema.org', '@type': 'VideoObject', url: page, embedUrl: embed },
    name: video.title,
    description: video.description || video.title,
    ...(picture && { thumbnailUrl: [picture] }),
    ...(video.publishedAt !== null && { uploadDate: new Date(video.publishedAt).toISOString() }),
    ...(video.durationMs !== null && { duration: isoDuration(video.durationMs) }),
    author: { '@type': 'Person', name: video.owner.displayName, url: channel },
    interactionStatistic: {
      ...{ '@type': 'InteractionCounter', userInteractionCount: video.views },
      interactionType: { '@type': 'WatchAction' },
    },
  }
}

const TITLE = /<title>[^<]*<\/title>/
const DESCRIPTION = /<meta name="description"[^>]*>\s*/

/** A page of the app with these tags in its head, in place of what it says of itself. */
export function withTags(page: string, tags: string): string {
  const bare = tags.includes('name="description"') ? page.replace(DESCRIPTION, '') : page
  // A function: `$` in a title would be a pattern else.
  return bare.replace(TITLE, () => tags)
}

/** The largest size of 16:9 within what somebody has room for. */
function sizeWithin(
  maxWidth: number | undefined,
  maxHeight: number | undefined,
): { width: number; height: number } {
  const width = Math.min(
    EMBED_WIDTH,
    maxWidth ?? EMBED_WIDTH,
    Math.floor(((maxHeight ?? EMBED_HEIGHT) * 16) / 9),
  )
  return { width, height: Math.round((width * 9) / 16) }
}

/** What oEmbed 1.0 answers of a video. */
export function oembedOf(
  origin: string,
  video: Unfurled,
  { maxWidth, maxHeight }: { maxWidth?: number | undefined; maxHeight?: number | undefined },
) {
  const { embed, picture, channel } = addresses(origin, video)
  const { width, height } = sizeWithin(maxWidth, maxHeight)
  const frame = `<iframe width="${width}" height="${height}" src="${escapeHtml(embed)}" title="${escapeHtml(video.title)}" frameborder="0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`
  return {
    ...{ version: '1.0' as const, type: 'video' as const, title: video.title, html: frame, width, height },
    ...{ author_name: video.owner.displayName, author_url: channel },
    ...{ provider_name: SITE, provider_url: origin },
    ...(picture && { thumbnail_url: picture, thumbnail_width: 1280, thumbnail_height: 720 }),
  }
}

const WATCH_PATH = /^\/(?:watch|embed)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/i

/** The video that a path of the app is about; undefined for every other path. */
export const videoIdIn = (path: string): string | undefined => WATCH_PATH.exec(path)?.[1]?.toLowerCase()
