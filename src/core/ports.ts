/** Interfaces that features need and roles provide. No feature knows which implementation it got. */

/** Pushing to subscribers. Every method returns at once; delivery follows on the topic's next tick. */
export type Topics = {
  /** Announces rows of a `durable` topic that are committed: `firstSeq` is the seq of `items[0]`, seqs are contiguous. */
  committed(topic: string, firstSeq: number, items: readonly unknown[]): void
  /** Appends to a `live` topic. */
  append(topic: string, items: readonly unknown[]): void
  /**
   * Replaces the value of a `latest` topic. Where several processes derive it from the database, `asOfMs` is the database's
   * time when it was read: of two values the one that was read later stands, whichever comes first.
   */
  set(topic: string, value: unknown, asOfMs?: number): void
  /** Puts members out of a topic and tells them why; without `viewers`, all of them. */
  close(topic: string, code: TopicCloseCode, viewers?: readonly string[]): void
  /**
   * Who may see a stream or an account has changed, for these viewers or for everybody, and that is committed: every gateway
   * judges its members and viewers anew and puts out who may not stay. Resolves when that is done here; it throws nothing.
   */
  rejudge(subjectId: string, viewers?: readonly string[]): Promise<void>
}

export type TopicCloseCode = 'forbidden' | 'not_found' | 'ended'

export type LimitRule = {
  /** How many are allowed within the window. */
  credits: number
  perMs: number
}

/** Rate limits keyed by a string; `take` throws `too_many_requests` with `{ retryAfterMs }` when the rule is exceeded. */
export type Limits = {
  take(key: string, rule: LimitRule, credits?: number): Promise<void>
}

export type Mail = { to: string; subject: string; text: string; html: string }

/** Sends one mail, or throws so that the job that asked tries again. */
export type Mailer = { send(mail: Mail): Promise<void> }

/** A short text to a telephone; `to` is E.164. */
export type Sms = { to: string; text: string }

/** Sends one text, or throws so that the job that asked tries again. */
export type SmsSender = { sendText(sms: Sms): Promise<void> }

/** Accounts with a socket at any gateway, or that had one so lately that they may resume: what is pushed to others reaches nobody. */
export type Online = {
  /** Those of them who are. */
  among(accountIds: readonly string[]): Promise<ReadonlySet<string>>
  all(): Promise<readonly string[]>
}

/** Counts distinct viewers of something; a viewer is an account or an anonymous visitor, not a socket. */
export type Presence = {
  enter(subject: string, viewerId: string, socketId: string): void
  leave(subject: string, socketId: string): void
  /** As this process knows it; `refresh` brings those up to date that others may have changed. */
  count(subject: string): number
  /** Before counts are shown that nobody here is part of. Where counts can't be had, the last known stay. */
  refresh(subjects: readonly string[]): Promise<void>
}

/** A stored object without its bytes. `etag` changes whenever the bytes do. */
export type ObjectInfo = { key: string; sizeBytes: number; contentType: string; etag: string }

/** Which bytes of an object: both ends belong to it, and without `end` it goes to the last byte. */
export type ByteRange = { start: number; end?: number }

/** What is read from an object. Whoever does not read `body` to its end disposes of it. */
export type ReadObject = ObjectInfo & {
  /** The bytes that `body` brings: all of them without a range; undefined for an empty object. */
  range: { start: number; end: number } | undefined
  body: AsyncIterable<Uint8Array> & AsyncDisposable
}

/**
 * Files of the platform, on a disk or in S3. A key is a path such as `avatars/{id}/64.webp`: folders and a name of
 * lower-case letters, digits, `-` and `_`, the name with an extension, which decides the content type. A key of another
 * form is `invalid_input`; every method throws `unavailable` where the storage can't be reached.
 */
export type ObjectStorage = {
  /**
   * Writes an object of unknown length, taking from `body` no faster than it can be stored. Nobody sees it before it is
   * whole, and what was under the key stays until then; where `body` throws, that error is thrown and nothing is left.
   */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<void>
  /** Errors: `not_found`, `invalid_input` (a range that begins behind the end). */
  read(key: string, range?: ByteRange): Promise<ReadObject>
  /** Errors: `not_found`. */
  head(key: string): Promise<ObjectInfo>
  /** Deleting what is not there changes nothing. */
  delete(key: string): Promise<void>
  /** Deletes everything below a folder such as `avatars/{id}/`. */
  deletePrefix(prefix: string): Promise<void>
  /** Keys below a folder (`''` for all) behind `after`, in the order of their bytes; `limit` at most, 1000 without it. */
  list(prefix: string, page?: { after?: string | undefined; limit?: number }): Promise<string[]>
}
