import { z } from 'zod'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

const Preferences = z
  .object({
    language: z.string().nullable().describe('BCP 47; null for the language of the browser.'),
    autoplay: z.boolean().describe('Whether a stream plays as soon as its page is open.'),
    sensitiveContent: z.enum(['hide', 'blur', 'show']),
    keepsHistory: z
      .boolean()
      .describe('Whether the videos you watch are kept in your history, with where you stopped.'),
    notifications: z
      .object({ follow: z.boolean(), live: z.boolean() })
      .describe('Which kinds of notifications you get; what happened while one was off is not told later.'),
  })
  .meta({ id: 'Preferences' })

export const preferences = contract({
  calls: {},
  topics: {},
  routes: {
    getPreferences: {
      method: 'get',
      path: '/api/preferences',
      tag: 'preferences',
      summary: 'How you want the platform.',
      auth: 'user',
      scope: 'account:read',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: [],
      status: 200,
      response: z.object({ preferences: Preferences }),
    },
    setPreferences: {
      method: 'patch',
      path: '/api/preferences',
      tag: 'preferences',
      summary: 'Change how you want the platform; what is left out stays.',
      auth: 'user',
      scope: 'login',
      limit: { credits: 60, perMs: MINUTE_MS },
      errors: [],
      body: z.object({
        language: z
          .string()
          .regex(/^[a-z]{2,3}(?:-[A-Z]{2})?$/, 'Use a language such as en or pt-BR.')
          .nullable()
          .optional(),
        autoplay: z.boolean().optional(),
        sensitiveContent: z.enum(['hide', 'blur', 'show']).optional(),
        keepsHistory: z.boolean().optional(),
        notifications: z.object({ follow: z.boolean().optional(), live: z.boolean().optional() }).optional(),
      }),
      status: 200,
      response: z.object({ preferences: Preferences }),
    },
  },
})
