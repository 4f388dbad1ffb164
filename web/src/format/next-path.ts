/** Any origin will do: only whether the path stays on it is of interest. */
const HERE = 'https://here.invalid'

/**
 * Where to go after signing in. Only paths of this site are accepted, so that a link with `?next=` can not lead
 * people elsewhere; whatever else is given becomes `/`.
 */
export function nextPath(given: unknown): string {
  if (typeof given !== 'string' || !given.startsWith('/')) return '/'
  if (!URL.canParse(given, HERE)) return '/'
  const url = new URL(given, HERE)
  // `//host`, `/\host` and a path with tabs in it all leave the site when a browser resolves them.
  if (url.origin !== HERE || url.pathname.startsWith('//')) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}

/** The `next` of a page's address, where it says something. */
export function nextSearch(search: Record<string, unknown>): { next?: string } {
  const next = nextPath(search.next)
  return next === '/' ? {} : { next }
}
