import { expect, test } from 'vitest'
import {
  type ChatAction,
  type ChatMessage,
  type ChatState,
  chatReducer,
  emptyChat,
  KEPT_LINES,
  missingBefore,
} from './chat-lines.ts'

const line = (seq: number, text = `line ${seq}`, authorId = 'ada'): ChatMessage => ({
  id: `id-${seq}`,
  streamId: 'stream',
  seq,
  author: { id: authorId, handle: authorId, displayName: authorId, avatar: null },
  text,
  sentAt: seq * 1000,
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => line(from + at))
const run = (...actions: ChatAction[]): ChatState => actions.reduce(chatReducer, emptyChat)
const seqs = (state: ChatState) => state.lines.map((known) => known.seq)
const received = (items: ChatMessage[], seenSeq?: number): ChatAction => ({
  type: 'received',
  items,
  ownId: 'me',
  seenSeq,
})

test('lines stand once and in order, whatever comes twice or late', () => {
  const state = run({ type: 'started', items: range(5, 7) }, received([line(7), line(8)]), {
    type: 'history',
    items: range(2, 5),
  })
  expect(seqs(state)).toEqual([2, 3, 4, 5, 6, 7, 8])
})

test('a restart that continues what is known adds to it, and one after a hole takes its place', () => {
  expect(seqs(run({ type: 'started', items: range(1, 3) }, { type: 'started', items: range(3, 5) }))).toEqual(
    [1, 2, 3, 4, 5],
  )
  expect(
    seqs(run({ type: 'started', items: range(1, 3) }, { type: 'started', items: range(60, 61) })),
  ).toEqual([60, 61])
})

test('an own line is shown at once and replaced by what the server answers', () => {
  const sending: ChatAction = { type: 'sending', clientId: 'c1', text: 'hello' }
  expect(run(sending).pending).toHaveLength(1)
  const sent = run(sending, { type: 'sent', clientId: 'c1', message: line(1, 'hello', 'me') })
  expect(sent.pending).toEqual([])
  expect(seqs(sent)).toEqual([1])
})

test('an own line whose push overtakes its answer is not shown twice', () => {
  const state = run(
    { type: 'sending', clientId: 'c1', text: 'hello' },
    { type: 'sending', clientId: 'c2', text: 'hello' },
    received([line(1, 'hello', 'me')]),
  )
  expect(state.pending.map((pending) => pending.isPushed)).toEqual([true, false])
})

test('the same words of somebody else do not hide an own line', () => {
  const state = run({ type: 'sending', clientId: 'c1', text: 'hello' }, received([line(1, 'hello', 'ada')]))
  expect(state.pending[0]?.isPushed).toBe(false)
})

test('a refused line stays with its reason until it is sent again or discarded', () => {
  const refused: ChatAction[] = [
    { type: 'sending', clientId: 'c1', text: 'hello' },
    { type: 'refused', clientId: 'c1', failure: 'The chat is closed.' },
  ]
  expect(run(...refused).pending[0]).toMatchObject({ text: 'hello', failure: 'The chat is closed.' })
  expect(run(...refused, { type: 'sending', clientId: 'c1', text: 'hello' }).pending).toMatchObject([
    { failure: undefined },
  ])
  expect(run(...refused, { type: 'discarded', clientId: 'c1' }).pending).toEqual([])
})

test('at the end only the newest lines are kept', () => {
  const state = run({ type: 'started', items: range(1, 400) }, { type: 'trimmed' })
  expect(state.lines).toHaveLength(KEPT_LINES)
  expect(seqs(state).at(-1)).toBe(400)
})

test('while somebody reads further up, what they read stays and the middle of what arrives is let go', () => {
  const state = run({ type: 'started', items: range(1, 50) }, received(range(51, 1000), 50))
  expect(seqs(state).slice(0, 50)).toEqual(range(1, 50).map((known) => known.seq))
  expect(seqs(state).at(-1)).toBe(1000)
  expect(state.lines.length).toBeLessThan(50 + KEPT_LINES)
  expect(missingBefore(state.lines, 50)).toBe(850)
})

test('missing lines are counted, also before the first one', () => {
  const lines = [line(3), line(4), line(9)]
  expect([0, 1, 2].map((at) => missingBefore(lines, at))).toEqual([2, 0, 4])
})
