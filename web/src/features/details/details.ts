import type { CallInput } from '../../../../src/contract/index.ts'

export type Details = Pick<CallInput<'broadcast:start'>, 'title' | 'category' | 'visibility'>

/** The categories of src/contract/streams.ts in the order of the menu; the type makes sure that each exists. */
export const CATEGORIES = [
  'talk',
  'music',
  'gaming',
  'art',
  'learning',
  'sport',
  'travel',
  'other',
] as const satisfies readonly Details['category'][]

export const VISIBILITIES = [
  'public',
  'unlisted',
  'followers',
] as const satisfies readonly Details['visibility'][]

/** As long as the contract allows. */
export const TITLE_MAX = 120

/** Details as they were kept as text; what does not fit any more is left out. */
export function parseDetails(kept: string | undefined): Details {
  const given = readJson(kept)
  return {
    title: typeof given.title === 'string' ? given.title.slice(0, TITLE_MAX) : '',
    category: CATEGORIES.find((name) => name === given.category) ?? 'talk',
    visibility: VISIBILITIES.find((name) => name === given.visibility) ?? 'public',
  }
}

function readJson(text: string | undefined): Partial<Record<keyof Details, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
