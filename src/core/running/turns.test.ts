import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

/** Works that end when they are told to. */
function manual() {
  const begun: number[] = []
  const ends = new Map<number, (error?: Error) => void>()
  const work = (id: number) => () =>
    new Promise<number>((resolve, reject) => {
      begun.push(id)
      ends.set(id, (error) => (error ? reject(error) : resolve(id)))
    })
  return { begun, work, end: (id: number, error?: Error) => ends.get(id)?.(error) }
}

describe('turns', () => {
  it('let so many run at once, and the others in the order in which they came', async () => {
    const { begun, work, end } = manual()
    const turns = createTurns({ atOnce: 2, waitingMax: 9 })
    const all = [1, 2, 3, 4].map((id) => turns.take(work(id)))
    expect(begun).toEqual([1, 2])
    end(2)
    expect(await all[1]).toBe(2)
    expect(begun).toEqual([1, 2, 3])
    for (const id of [1, 3]) end(id)
    await Promise.all([all[0], all[2]])
    end(4)
    expect(await all[3]).toBe(4)
  })

  it('go on after a work that failed', async () => {
    const { begun, work, end } = manual()
    const turns = createTurns({ atOnce: 1, waitingMax: 9 })
    const [first, second] = [turns.take(work(1)), turns.take(work(2))]
    end(1, new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    expect(begun).toEqual([1, 2])
    end(2)
    expect(await second).toBe(2)
  })

  it('refuse whoever would wait behind too many', async () => {
    const { begun, work, end } = manual()
    const turns = createTurns({ atOnce: 1, waitingMax: 1 })
    const [first, second] = [turns.take(work(1)), turns.take(work(2))]
    await expect(turns.take(work(3))).rejects.toMatchObject({ code: 'unavailable' })
    end(1)
    await first
    end(2)
    expect(await second).toBe(2)
    expect(begun).toEqual([1, 2])
  })
})
