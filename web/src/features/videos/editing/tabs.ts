/** The parts of the page of a video, in their order. */
export const TABS = ['details', 'captions', 'poster', 'rules', 'audience', 'trim', 'file'] as const
export type Tab = (typeof TABS)[number]

/** The part that an address names; the first where it names none. */
export const tabIn = (search: Record<string, unknown>): Tab =>
  TABS.find((name) => name === search.tab) ?? 'details'
