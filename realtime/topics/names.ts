import type { TopicSpec } from '../../src/contract/define.ts'

/** A topic's name taken apart: which declaration it belongs to, and its parameter (`chat:{streamId}` → the stream id). */
export type ParsedTopic = { name: string; pattern: string; spec: TopicSpec; param: string | undefined }

const PARAM = /^[A-Za-z0-9_-]{1,64}$/

/** Answers a parser of topic names for the declared patterns; undefined for a name of no pattern. */
export function createTopicNames(
  specs: Readonly<Record<string, TopicSpec>>,
): (name: string) => ParsedTopic | undefined {
  const exact = new Map<string, ParsedTopic>()
  const prefixes = new Map<string, { pattern: string; spec: TopicSpec }>()
  for (const [pattern, spec] of Object.entries(specs)) {
    const open = pattern.indexOf('{')
    if (open < 0) exact.set(pattern, { name: pattern, pattern, spec, param: undefined })
    else prefixes.set(pattern.slice(0, open), { pattern, spec })
  }
  return (name) => {
    const found = exact.get(name)
    if (found) return found
    const cut = name.lastIndexOf(':') + 1
    const prefix = prefixes.get(name.slice(0, cut))
    const param = name.slice(cut)
    return prefix && PARAM.test(param) ? { name, ...prefix, param } : undefined
  }
}
