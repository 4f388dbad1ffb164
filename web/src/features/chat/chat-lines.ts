import type { TopicItem } from '../../../../src/contract/index.ts'

export type ChatMessage = TopicItem<`chat:${string}`>

/** A line of one's own that the server has not confirmed. */
export type PendingLine = {
  clientId: string
  text: string
  /** Why it was refused; undefined while it is on its way. */
  failure: string | undefined
  /** The push of the line came before the answer to the call: the line is in the list already. */
  isPushed: boolean
}

/** `lines` is in order of seq and may have holes, which the list shows as such. */
export type ChatState = {
  lines: readonly ChatMessage[]
  pending: readonly PendingLine[]
  isLoaded: boolean
}

export type ChatAction =
  | { type: 'started'; items: readonly ChatMessage[] }
  | {
      type: 'received'
      items: readonly ChatMessage[]
      ownId: string | undefined
      seenSeq: number | undefined
    }
  | { type: 'history'; items: readonly ChatMessage[] }
  | { type: 'trimmed' }
  | { type: 'sending'; clientId: string; text: string }
  | { type: 'sent'; clientId: string; message: ChatMessage }
  | { type: 'refused'; clientId: string; failure: string }
  | { type: 'discarded'; clientId: string }

/** Lines in the page at its end; some ten screens, and little enough that a line a frame stays smooth. */
export const KEPT_LINES = 300
/** Of what arrives while somebody reads further up, this much of the end is held; the rest can be fetched. */
const HELD_UNSEEN = 100

export const emptyChat: ChatState = { lines: [], pending: [], isLoaded: false }

export function chatReducer(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case 'started':
      return { ...state, isLoaded: true, lines: restart(state.lines, action.items) }
    case 'received':
      return {
        ...state,
        lines: bound(merge(state.lines, action.items), action.seenSeq),
        pending: matchPushed(state.pending, action.items, action.ownId),
      }
    case 'history':
      return { ...state, lines: merge(state.lines, action.items) }
    case 'trimmed':
      return state.lines.length > KEPT_LINES ? { ...state, lines: state.lines.slice(-KEPT_LINES) } : state
    default:
      return { ...state, ...pendingReducer(state, action) }
  }
}

type PendingAction = Extract<ChatAction, { clientId: string }>

function pendingReducer(state: ChatState, action: PendingAction): Partial<ChatState> {
  const others = state.pending.filter((line) => line.clientId !== action.clientId)
  switch (action.type) {
    case 'sending': {
      const { clientId, text } = action
      return { pending: [...others, { clientId, text, failure: undefined, isPushed: false }] }
    }
    case 'sent':
      return { pending: others, lines: merge(state.lines, [action.message]) }
    case 'refused':
      return {
        pending: state.pending.map((line) =>
          line.clientId === action.clientId ? { ...line, failure: action.failure, isPushed: false } : line,
        ),
      }
    case 'discarded':
      return { pending: others }
  }
}

/** Joins two sets of lines, each line once and in order. */
function merge(known: readonly ChatMessage[], items: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = known.at(-1)?.seq ?? 0
  if (items.length === 0) return known
  // The common case: everything is new and comes after what is known.
  if (items.every((item, at) => item.seq > (items[at - 1]?.seq ?? last))) return [...known, ...items]
  const bySeq = new Map([...known, ...items].map((line) => [line.seq, line]))
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** A beginning that continues what is known is added to it; otherwise it takes its place. */
function restart(known: readonly ChatMessage[], items: readonly ChatMessage[]): readonly ChatMessage[] {
  const first = items[0]?.seq
  const last = known.at(-1)?.seq
  return first !== undefined && last !== undefined && first <= last + 1 ? merge(known, items) : [...items]
}

/** While somebody reads up to `seenSeq`, what comes after it does not grow without end: its middle is let go. */
function bound(lines: readonly ChatMessage[], seenSeq: number | undefined): readonly ChatMessage[] {
  if (seenSeq === undefined) return lines
  const firstUnseen = lines.findIndex((line) => line.seq > seenSeq)
  if (firstUnseen < 0 || lines.length - firstUnseen <= KEPT_LINES) return lines
  return [...lines.slice(0, firstUnseen), ...lines.slice(-HELD_UNSEEN)]
}

/** Hides each pending line whose push arrived before its answer: pushes carry no client id, so the text must do. */
function matchPushed(
  pending: readonly PendingLine[],
  items: readonly ChatMessage[],
  ownId: string | undefined,
): readonly PendingLine[] {
  const texts = items.filter((item) => item.author.id === ownId).map((item) => item.text)
  if (texts.length === 0) return pending
  return pending.map((line) => {
    const at = line.failure === undefined && !line.isPushed ? texts.indexOf(line.text) : -1
    if (at < 0) return line
    texts.splice(at, 1)
    return { ...line, isPushed: true }
  })
}

/** How many lines are missing before the line at `index`; also those before the first one. */
export function missingBefore(lines: readonly ChatMessage[], index: number): number {
  const seq = lines[index]?.seq ?? 1
  return seq - (lines[index - 1]?.seq ?? 0) - 1
}
