import { availableParallelism } from 'node:os'
import { z } from 'zod'

const GB = 1024 ** 3
const bytes = (fallback: number) =>
  z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).default(fallback)

const MINUTE_S = 60

/** The part of the settings about videos that are uploaded, and what becomes of them. */
export const videoSettings = {
  UPLOAD_MAX_BYTES: bytes(64 * GB).describe('Largest file that may be uploaded as a video, in bytes.'),
  UPLOAD_QUOTA_BYTES: bytes(500 * GB).describe(
    'How much an account may store in videos as they were uploaded, in bytes.',
  ),
  UPLOADS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .describe('How many videos an account may upload at the same time.'),
  COUNTRY_HEADER: z
    .string()
    .optional()
    .describe(
      'Header in which your proxy or CDN names the country of a visitor (CloudFront-Viewer-Country, CF-IPCountry); it must set or remove it on every request. Without it no country is known.',
    ),
  FFMPEG_PATH: z
    .string()
    .optional()
    .describe('ffmpeg for preparing videos, built with libx264; the one on PATH where nothing is set.'),
  FFPROBE_PATH: z
    .string()
    .optional()
    .describe('ffprobe of the same version; beside FFMPEG_PATH or on PATH where nothing is set.'),
  TRANSCODES_AT_ONCE: z.coerce
    .number()
    .int()
    .min(0)
    .max(64)
    .default(Math.max(1, Math.floor(availableParallelism() / 2)))
    .describe(
      'Pieces of videos that a process with the jobs role encodes at the same time; each uses two cores or more. With 0 it leaves videos to other processes.',
    ),
  TRANSCODE_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(1024)
    .max(262_144)
    .default(6144)
    .describe('Address space that one ffmpeg may take; 6144 is enough for 2160p, 8K needs more.'),
  VIDEO_MAX_HOURS: z.coerce.number().min(0.01).max(48).default(12).describe('How long a video may be.'),
  MEDIA_GRANT_SECONDS: z.coerce
    .number()
    .int()
    .min(2)
    .max(60 * MINUTE_S)
    .default(5 * MINUTE_S)
    .describe(
      'For how long the address of a video that is not public works at least; twice as long at most. Players fetch new ones while they play.',
    ),
  MEDIA_CDN_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'Origin of a CloudFront distribution that serves the files of videos under signed cookies, in place of this server; see docs/operations.md.',
    ),
  MEDIA_CDN_KEY_PAIR_ID: z
    .string()
    .regex(/^[A-Z0-9]{1,64}$/, 'must be the id of a public key, in capitals and digits')
    .optional()
    .describe('Id of the public key that CloudFront knows.'),
  MEDIA_CDN_KEY_FILE: z
    .string()
    .optional()
    .describe('PEM file of the private key (RSA, 2048 bits) of MEDIA_CDN_KEY_PAIR_ID.'),
  MEDIA_CDN_COOKIE_DOMAIN: z
    .string()
    .regex(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+$/, 'must be a domain in lower case, without a dot before it')
    .optional()
    .describe(
      'Domain that PUBLIC_URL and MEDIA_CDN_URL have in common, for the cookies; not needed where both have the same host.',
    ),
}

type CdnSettings = {
  [name in
    | 'MEDIA_CDN_URL'
    | 'MEDIA_CDN_KEY_PAIR_ID'
    | 'MEDIA_CDN_KEY_FILE'
    | 'MEDIA_CDN_COOKIE_DOMAIN'
    | 'PUBLIC_URL']?: string | undefined
}

/** What is wrong with the settings of the CDN, each as a setting and the end of a sentence about it. */
export function cdnProblems(value: CdnSettings): { path: [string]; message: string }[] {
  const { MEDIA_CDN_URL: url, MEDIA_CDN_COOKIE_DOMAIN: domain, PUBLIC_URL: site } = value
  const named = [url, value.MEDIA_CDN_KEY_PAIR_ID, value.MEDIA_CDN_KEY_FILE].filter(Boolean).length
  const found: (string | false)[] = [
    named % 3 !== 0 && 'goes together with MEDIA_CDN_KEY_PAIR_ID, MEDIA_CDN_KEY_FILE',
    domain !== undefined && url === undefined && 'is needed where MEDIA_CDN_COOKIE_DOMAIN is set',
    ...(url === undefined ? [] : ofCdnUrl(new URL(url), domain, site)),
  ]
  return found.flatMap((message) => (message ? [{ path: ['MEDIA_CDN_URL'], message }] : []))
}

function ofCdnUrl({ href, origin, protocol, hostname }: URL, domain: string | undefined, site?: string) {
  const isWithin = (host: string) => domain !== undefined && (host === domain || host.endsWith(`.${domain}`))
  const siteHost = site === undefined ? undefined : new URL(site).hostname
  return [
    href !== `${origin}/` && 'must be an origin alone, without a path',
    // Only on this machine nobody can listen on the way.
    protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(hostname) && 'must begin with https:',
    domain !== undefined && !isWithin(hostname) && 'must be within MEDIA_CDN_COOKIE_DOMAIN',
    domain !== undefined &&
      siteHost !== undefined &&
      !isWithin(siteHost) &&
      'has cookies of a MEDIA_CDN_COOKIE_DOMAIN that PUBLIC_URL is not within',
    domain === undefined &&
      siteHost !== undefined &&
      siteHost !== hostname &&
      'needs MEDIA_CDN_COOKIE_DOMAIN, as its host is not that of PUBLIC_URL',
  ]
}
