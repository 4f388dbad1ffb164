import { expect, test } from 'vitest'
import { createSwitcher } from './switcher.ts'

/** A server that answers when it is told to. */
function setUp() {
  const sent: boolean[] = []
  const refused: boolean[] = []
  const answers: { yes: () => void; no: () => void }[] = []
  const switcher = createSwitcher({
    send: (isOn) => {
      sent.push(isOn)
      return new Promise((resolve, reject) => {
        answers.push({ yes: resolve, no: () => reject(new Error('refused')) })
      })
    },
    onRefused: (_, confirmed) => void refused.push(confirmed),
  })
  /** Gives the answer and lets everything that follows from it happen. */
  const answer = async (kind: 'yes' | 'no') => {
    answers.shift()?.[kind]()
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { switcher, sent, refused, answer }
}

test('changing one’s mind while a call is on its way sends the last wish after it', async () => {
  const { switcher, sent, refused, answer } = setUp()
  switcher.set(true, false)
  switcher.set(false, true)
  expect(sent).toEqual([true])
  await answer('yes')
  expect(sent).toEqual([true, false])
  await answer('yes')
  expect([sent, refused]).toEqual([[true, false], []])
})

test('there and back and there again needs no second call', async () => {
  const { switcher, sent, answer } = setUp()
  switcher.set(true, false)
  switcher.set(false, true)
  switcher.set(true, false)
  await answer('yes')
  expect(sent).toEqual([true])
})

test('a refused wish goes back to what the server has', async () => {
  const { switcher, sent, refused, answer } = setUp()
  switcher.set(true, false)
  await answer('no')
  expect(refused).toEqual([false])
  switcher.set(true, false)
  await answer('yes')
  switcher.set(false, true)
  await answer('no')
  expect([sent, refused]).toEqual([
    [true, true, false],
    [false, true],
  ])
})

test('a refusal of a wish that was taken back already is no news', async () => {
  const { switcher, sent, refused, answer } = setUp()
  switcher.set(true, false)
  switcher.set(false, true)
  await answer('no')
  expect([sent, refused]).toEqual([[true], []])
})

test('wishing for what the server has already is sent all the same, as another device may have changed it', async () => {
  const { switcher, sent, answer } = setUp()
  switcher.set(true, true)
  await answer('yes')
  expect(sent).toEqual([true])
})
