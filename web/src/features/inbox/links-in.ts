/** Links of a plain mail that lead into this app, each once; whatever host the mail names, they are followed on this one. */
export function linksIn(text: string, origin: string): { href: string; path: string }[] {
  const found = new Map<string, { href: string; path: string }>()
  for (const [match] of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const href = match.replace(/[).,;]+$/, '')
    if (!URL.canParse(href)) continue
    const url = new URL(href)
    const isOurs = url.origin === origin || ['/verify', '/link'].includes(url.pathname)
    if (isOurs) found.set(href, { href, path: `${url.pathname}${url.search}` })
  }
  return [...found.values()]
}
