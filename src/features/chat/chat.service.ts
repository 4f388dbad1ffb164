import { createHash } from 'node:crypto'
import { AppError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Topics } from '../../core/ports.ts'
import { createGroupBatcher } from '../../core/running/group-batcher.ts'
import type { Viewer } from '../../core/viewer.ts'
import { sqlState } from '../../infra/db.ts'
import { mayHear, type Relations } from '../safety/visibility.service.ts'
import type { View } from '../streams/streams.service.ts'
import { authorOf, type ChatMessage, type ChatRepo, chatTopic, type NewLine } from './chat.repo.ts'

/** More lines in one statement gain nothing and make the others wait longer. */
const BATCH_MAX_LINES = 200
/** Lines of a busy chat share commits and what is told of them: a tenth of what a line costs all nodes, for 8 ms on average. */
const BATCH_EVERY_MS = 16
/** Two nodes that race on one clientId are settled by the second try. */
const WRITE_ATTEMPTS = 3

type Deps = {
  repo: ChatRepo
  topics: Topics
  /** How somebody sees a stream; throws `not_found` or `forbidden` where they don't. */
  mustSee: (viewerId: string, streamId: string) => Promise<View>
  /** Throws where somebody may not write in the chat of a stream. */
  mustWrite: (viewerId: string, streamId: string) => Promise<{ isOwner: boolean }>
  relations: Pick<Relations, 'read'>
  /** For crash tests: called between commit and push. */
  crashPoint: (name: string) => void
}

type SendRequest = {
  clientId: string
  streamId: string
  text: string
  account: NonNullable<Viewer['account']>
}

/**
 * Chat of streams. A line is answered only once it is committed, and pushed after that; lines of one stream that arrive
 * together share a commit.
 */
export function createChatService({ repo, topics, mustSee, mustWrite, relations, crashPoint }: Deps) {
  const lines = createGroupBatcher<NewLine, ChatMessage>({
    ...{ run: writeAll, maxItems: BATCH_MAX_LINES, everyMs: BATCH_EVERY_MS },
  })

  async function writeAll(streamId: string, lines: NewLine[]): Promise<ChatMessage[]> {
    const written = await writeOnce(repo, streamId, dedupe(lines)).catch((error: unknown) => {
      // The commit may have happened although its answer was lost: the next look at the head tells.
      topics.committed(chatTopic(streamId), 1, [])
      throw error
    })
    crashPoint('chat:committed')
    publish(
      streamId,
      written.filter(({ outcome }) => outcome !== 'conflict').map(({ message }) => message),
    )
    const byKey = new Map(written.map((entry) => [keyOf(entry.authorId, entry.clientId), entry]))
    return lines.map((line) => {
      const entry = byKey.get(keyOf(line.author.id, line.clientId))
      // A chat without a head is a stream that does not exist.
      if (!entry) throw new AppError('not_found')
      return entry.message as ChatMessage
    })
  }

  /** Repeats are pushed again: whoever has them drops them, whoever missed them is healed. */
  function publish(streamId: string, messages: (ChatMessage | null)[]): void {
    const bySeq = messages.filter((message) => message !== null).sort((a, b) => a.seq - b.seq)
    for (const run of contiguousRuns(bySeq)) topics.committed(chatTopic(streamId), run[0]?.seq ?? 0, run)
  }

  /** Lines of those whom somebody blocks or has muted, or who block them, keep their places, and nothing else. */
  async function withoutHidden(viewerId: string, lines: readonly ChatMessage[]): Promise<ChatMessage[]> {
    const authors = [...new Set(lines.map(({ author }) => author.id))]
    const relation = await relations.read(authors.map((subjectId) => ({ viewerId, subjectId })))
    return lines.map((line) => {
      const isHeard = mayHear(relation(viewerId, line.author.id), 'card')
      return isHeard ? line : { ...line, author: NO_AUTHOR, text: '', isHidden: true }
    })
  }

  return {
    /**
     * Writes a line. Errors: `not_found` (no such stream), `forbidden` (they are banned, or the channel lets only others write), `conflict` (the clientId was used for another line).
     */
    async send({ clientId, streamId, text, account }: SendRequest): Promise<ChatMessage> {
      const { isOwner } = await mustWrite(account.id, streamId)
      const inputHash = createHash('sha256')
        .update(JSON.stringify([streamId, text]))
        .digest('hex')
      // As the database writes UUIDs: it takes both cases for the same, and what it answers is found by this one.
      const line = {
        ...{ id: newId(), clientId: clientId.toLowerCase(), text, inputHash },
        // The picture is read where the line is written.
        author: authorOf({ ...account, avatar: null }, isOwner),
      }
      const message = await lines.add(streamId, line)
      if (message.streamId !== streamId || message.text !== text) {
        throw new AppError('conflict', 'This clientId was used for another line.', { clientId })
      }
      return message
    },

    /** Older lines that somebody may read, oldest first. Errors: `not_found`, `forbidden`. */
    async history(
      viewerId: string,
      { streamId, beforeSeq, limit }: { streamId: string; beforeSeq: number; limit: number },
    ) {
      const { chatHiddenUpTo: after } = await mustSee(viewerId, streamId)
      const read = await repo.read(streamId, { after, before: beforeSeq, limit: limit + 1 })
      const hasMore = read.length > limit
      return { messages: await withoutHidden(viewerId, hasMore ? read.slice(1) : read), hasMore }
    },

    /** What the topic `chat:{streamId}` is replayed from. */
    source: {
      heads: (topicNames: readonly string[]) => repo.heads(topicNames),
      /** Items after `offset`, oldest first, `limit` at most. */
      after: (streamId: string, offset: number, limit: number) =>
        repo.read(streamId, { after: offset, limit, fromStart: true }),
      /** The newest items up to `offset`, oldest first. */
      upTo: (streamId: string, offset: number, limit: number) =>
        repo.read(streamId, { before: offset + 1, limit }),
    },
  }
}

export type ChatService = ReturnType<typeof createChatService>

/** Nobody has this id (RFC 9562, 5.9). */
const NO_AUTHOR = { id: '00000000-0000-0000-0000-000000000000', handle: '', displayName: '', avatar: null }

const keyOf = (accountId: string, clientId: string) => `${accountId} ${clientId}`

/** The same account and clientId twice in one batch: the first decides, the other gets its answer or a conflict. */
function dedupe(lines: NewLine[]): NewLine[] {
  const seen = new Set<string>()
  return lines.filter(({ author, clientId }) => {
    const key = keyOf(author.id, clientId)
    return !seen.has(key) && seen.add(key)
  })
}

async function writeOnce(repo: ChatRepo, streamId: string, lines: NewLine[]) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await repo.write(streamId, lines)
    } catch (error) {
      if (sqlState(error) !== '23505' || attempt === WRITE_ATTEMPTS) throw error
    }
  }
}

function contiguousRuns(messages: ChatMessage[]): ChatMessage[][] {
  const runs: ChatMessage[][] = []
  for (const message of messages) {
    const run = runs.at(-1)
    if (run?.at(-1)?.seq === message.seq - 1) run.push(message)
    else runs.push([message])
  }
  return runs
}
