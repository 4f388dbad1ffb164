/** The folder that all files of a video begin with: `/m/{grant}/{videoId}/{runId}/`. */
const BASE = /^\/m\/[^/]+\/[^/]+\/[^/]+\//

/**
 * An address of a file of a video under the newest grant. Playlists that were loaded under a former one go on naming it, and
 * it may have ended since. Other addresses stay as they are: those of a CDN have no grant, but cookies.
 */
export function rebase(address: string, baseUrl: string): string {
  const url = new URL(address)
  const former = BASE.exec(url.pathname)?.[0]
  if (former === undefined) return address
  return new URL(baseUrl + url.pathname.slice(former.length) + url.search, url).href
}

/** Which files these are, whatever the grant; other ones once the video has got another file. */
export const filesOf = (baseUrl: string): string => baseUrl.replace(/^\/m\/[^/]+/, '')
