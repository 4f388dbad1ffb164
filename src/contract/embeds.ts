import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

/** Longer ones are none of ours. */
const ADDRESS_MAX = 500
const Room = z.coerce.number().int().min(1).max(10_000).optional().describe('Pixels.')

/** Videos on pages of others: https://oembed.com, 1.0. The names of fields are those of oEmbed. */
export const embeds = contract({
  calls: {},
  topics: {},
  routes: {
    getOembed: {
      method: 'get',
      path: '/api/oembed',
      tag: 'videos',
      summary:
        'How to show a video on a page elsewhere (oEmbed 1.0), by the address of its page here. `not_found` for every address but that of a video that is open to everybody.',
      auth: 'any',
      scope: 'read',
      limit: { credits: 240, perMs: MINUTE_MS },
      errors: ['not_found'],
      query: z.object({
        url: z.string().max(ADDRESS_MAX),
        format: z.literal('json').optional(),
        maxwidth: Room,
        maxheight: Room,
      }),
      status: 200,
      response: z
        .object({
          version: z.literal('1.0'),
          type: z.literal('video'),
          title: z.string(),
          author_name: z.string(),
          author_url: z.string(),
          provider_name: z.string(),
          provider_url: z.string(),
          html: z.string().describe('A frame with the player alone.'),
          width: z.int().positive(),
          height: z.int().positive(),
          thumbnail_url: z.string().optional(),
          thumbnail_width: z.int().optional(),
          thumbnail_height: z.int().optional(),
        })
        .meta({ id: 'Oembed' }),
    },
  },
})
