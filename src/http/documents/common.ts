import { ERRORS, type ErrorCode } from '../../core/errors.ts'
import type { LimitRule } from '../../core/ports.ts'
import type { Json } from './schemas.ts'

export const LICENSE = { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' }

const MS_PER_SECOND = 1000

/** `20 in 10 s` */
export const limitSentence = ({ credits, perMs }: LimitRule): string =>
  `${credits} in ${perMs / MS_PER_SECOND} s`

/** The codes as a Markdown table, for descriptions. */
export function errorTable(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, retry, message }]) =>
      `| \`${code}\` | ${status} | ${retry ? 'yes' : 'no'} | ${message} |`,
  )
  return ['| code | HTTP status | trying again can help | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

/** A failure as a caller receives it, over either transport; `codes` are those that can come. */
export const wireErrorSchema = (codes: readonly ErrorCode[]): Json => ({
  type: 'object',
  required: ['code', 'message', 'retry', 'requestId'],
  properties: {
    code: { type: 'string', enum: codes },
    message: { type: 'string', description: 'A sentence for people.' },
    retry: { type: 'boolean', description: 'Whether the same request can succeed later.' },
    details: {
      type: 'object',
      description:
        'Data for programs: `retryAfterMs` of too_many_requests, `issues` of invalid_input (path and message each).',
    },
    requestId: { type: 'string', description: 'Names this request in the log of the server.' },
  },
})

export const ALL_CODES = Object.keys(ERRORS) as ErrorCode[]
