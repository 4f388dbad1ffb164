import { expect, test } from 'vitest'
import { createDisposal } from './disposal.ts'

test('things end one after the other in the reverse order of their making, whatever fails, and once', async () => {
  const ended: string[] = []
  const errors: unknown[] = []
  const disposal = createDisposal((error) => void errors.push(error))
  const made = disposal.use({
    async [Symbol.asyncDispose]() {
      await Promise.resolve()
      ended.push('database')
    },
  })
  expect(made).toBeDefined()
  const failure = new Error('stuck')
  disposal.defer(() => {
    throw failure
  })
  disposal.defer(() => Promise.reject(failure))
  disposal.defer(async () => {
    await Promise.resolve()
    ended.push('sockets')
  })
  await disposal[Symbol.asyncDispose]()
  await disposal[Symbol.asyncDispose]()
  expect(ended).toEqual(['sockets', 'database'])
  expect(errors).toEqual([failure, failure])
})
