import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'

const AccountExport = z
  .object({
    id: z.uuid(),
    state: z
      .enum(['waiting', 'running', 'ready', 'failed'])
      .describe('`failed`: it is tried again by itself some times, and at once when you ask again.'),
    stage: z.string().describe('The file of the archive that is being written; empty before and after.'),
    percent: z.int().min(0).max(100),
    sizeBytes: z.int().nullable().describe('Null until it is ready.'),
    createdAt: z.int().describe('Milliseconds since the epoch, as all times here.'),
    expiresAt: z.int().nullable().describe('Until then it can be fetched.'),
  })
  .meta({ id: 'AccountExport' })

const AccountDeletion = z
  .object({ askedAt: z.int(), eraseAt: z.int().describe('Until then it can be undone.') })
  .meta({ id: 'AccountDeletion' })

/** The newest archive, and the deletion that was asked for. */
const AccountData = z
  .object({ export: AccountExport.nullable(), deletion: AccountDeletion.nullable() })
  .meta({ id: 'AccountData' })

const own = { tag: 'accounts', auth: 'user', scope: 'security', whileLeaving: true } as const

/** What an account has here, for it to take along, and its deletion. */
export const data = contract({
  calls: {},
  topics: {
    'account-data:{userId}': {
      summary: 'Your archive while it is made, and the deletion of your account.',
      class: 'latest',
      readScope: 'security',
      whileLeaving: true,
      item: AccountData,
    },
  },
  routes: {
    getAccountData: {
      ...own,
      method: 'get',
      path: '/api/account/data',
      summary: 'The newest archive of your data, and the deletion that you asked for.',
      limit: { credits: 120, perMs: MINUTE_MS },
      errors: ['forbidden'],
      status: 200,
      response: AccountData,
    },
    askExport: {
      ...own,
      method: 'post',
      path: '/api/account/exports',
      summary:
        'Have an archive made of everything that is yours. `conflict` while one is being made; one that failed is tried again.',
      stepUp: true,
      // Three a day, each asked for once more after the step up: an archive is as much work as thousands of reads.
      limit: { credits: 6, perMs: DAY_MS },
      errors: ['conflict', 'forbidden'],
      status: 202,
      response: z.object({ export: AccountExport }),
    },
    downloadExport: {
      ...own,
      method: 'get',
      path: '/api/account/exports/{exportId}/file',
      summary: 'The archive (ZIP) itself. `not_found` for what is not yours, not ready, or expired.',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['not_found', 'forbidden'],
      params: z.object({ exportId: z.uuid() }),
      download: { contentType: 'application/zip' },
      status: 200,
      response: z.unknown(),
    },
    askDeletion: {
      ...own,
      method: 'post',
      path: '/api/account/deletion',
      summary:
        'Delete your account: it is hidden at once and erased after 30 days, until when you can undo it. Other sessions and API tokens end, and what is on air. `conflict` for the last admin, or where you asked before.',
      stepUp: true,
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['conflict', 'forbidden'],
      body: z.strictObject({
        handle: z.string().max(30).describe('Yours, so that nobody does it by mistake.'),
      }),
      status: 200,
      response: z.object({ deletion: AccountDeletion }),
    },
    undoDeletion: {
      ...own,
      method: 'delete',
      path: '/api/account/deletion',
      summary: 'Keep your account. `conflict` where nothing is to be undone, or it has begun.',
      limit: { credits: 20, perMs: 10 * MINUTE_MS },
      errors: ['conflict', 'forbidden'],
      status: 200,
      response: z.object({}),
    },
  },
})
