import type { z } from 'zod'
import type { Scope } from '../core/access/scopes.ts'
import type { ErrorCode } from '../core/errors.ts'
import type { LimitRule } from '../core/ports.ts'
import type { TopicClass } from '../core/topics.ts'

/** A request over the socket: always answered with exactly one ack. */
export type CallSpec = {
  summary: string
  /** `user`: a signed-in account; `any`: anonymous visitors too. */
  auth: 'user' | 'any'
  /** What an API token must have been given, and whether a suspended account may; without it neither of them gets in. */
  scope?: Scope
  /** Open to an account that waits to be deleted: to stay, to take its data along, to sign out, to prove that it is them. */
  whileLeaving?: true
  /** Only for a login session whose holder proved lately to be the owner; else `confirm_required`. */
  stepUp?: true
  /**
   * Per account or anonymous visitor, over all their sockets. `perNode`: counted by each gateway for itself, where it is only
   * the gateway's own work that must be bounded; asking nobody keeps a crowd that returns cheap. `isEventual`: gateways tell each
   * other half a second late, so that a call that many make at once waits for nobody.
   */
  limit: LimitRule & { perNode?: true; isEventual?: true }
  /** What it may fail with beyond what every call may: invalid_input, unauthenticated, too_many_requests, internal, unavailable. */
  errors: readonly ErrorCode[]
  input: z.ZodType
  output: z.ZodType
}

/** A named, typed sequence of items pushed to whoever joined it. Its key is a pattern such as `chat:{streamId}`. */
export type TopicSpec = {
  summary: string
  class: TopicClass
  /** The scope of following it; as of a call. */
  readScope?: Scope
  /** As of a call. */
  whileLeaving?: true
  item: z.ZodType
  /** `node`: each gateway has a value of its own (`latest` topics); else all of them share the topic. */
  scope?: 'node'
  /** How many of the newest items a join without `since` brings (`durable` topics). */
  historyOnJoin?: number
  /** Whether an item may be left out of what is pushed under overload (`skipped` in the frame). Absent: none ever is. */
  isSkippable?(item: unknown): boolean
}

/** One HTTP route. Success answers `status` with JSON of `response`; failure answers problem details (RFC 9457). */
export type RouteSpec = {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** OpenAPI form: `/api/streams/{handle}`. */
  path: string
  summary: string
  tag: string
  auth: 'user' | 'any'
  /** As of a call. */
  scope?: Scope
  /** As of a call. */
  whileLeaving?: true
  /** Only for a login session whose holder proved lately to be the owner (`post /api/account/confirm`); else `confirm_required`. */
  stepUp?: true
  /** Per account, or per address where nobody is signed in. */
  limit: LimitRule
  errors: readonly ErrorCode[]
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** The body is a file rather than JSON. */
  upload?: { maxBytes: number; contentTypes: readonly string[] }
  /** The answer is a file of this type rather than JSON. */
  download?: { contentType: string }
  status: 200 | 201 | 202
  response: z.ZodType
}

export type Contract = {
  calls: Readonly<Record<string, CallSpec>>
  topics: Readonly<Record<string, TopicSpec>>
  routes: Readonly<Record<string, RouteSpec>>
}

/** Declares a feature's calls, topics and routes; the identity function that keeps their exact types. */
export const contract = <const C extends Contract>(declared: C): C => declared

/** `chat:{streamId}` → every string of the form `chat:…`. */
export type TopicName<Pattern extends string> = Pattern extends `${infer Head}{${string}}${infer Tail}`
  ? `${Head}${string}${TopicName<Tail>}`
  : Pattern
