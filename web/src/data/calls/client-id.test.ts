import { afterEach, expect, test, vi } from 'vitest'
import { newClientId } from './client-id.ts'

const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

afterEach(() => vi.unstubAllGlobals())

test('an id is a version 4 UUID', () => {
  expect(newClientId()).toMatch(UUID_4)
})

test('it also is one where the context is not secure, and each is another', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const ids = Array.from({ length: 100 }, newClientId)
  for (const id of ids) expect(id).toMatch(UUID_4)
  expect(new Set(ids).size).toBe(100)
})
