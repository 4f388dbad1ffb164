import { expect, test } from 'vitest'
import { createLife } from './life.ts'

test('all parts are drained at once, when the process is known to end, and one that fails keeps none of them', async () => {
  const errors: unknown[] = []
  const life = createLife((error) => void errors.push(error))
  const seen: boolean[] = []
  const failure = new Error('stuck')
  let release = () => {}
  life.onEnding(async () => {
    seen.push(life.isEnding)
    throw failure
  })
  life.onEnding(async () => {
    seen.push(life.isEnding)
    await new Promise<void>((resolve) => {
      release = resolve
    })
    seen.push(false)
  })
  expect(life.isEnding).toBe(false)
  const ended = life.end()
  expect(seen).toEqual([true, true])
  release()
  await ended
  expect(seen).toEqual([true, true, false])
  expect(errors).toEqual([failure])
  await life.end()
  expect(seen).toHaveLength(3)
})
