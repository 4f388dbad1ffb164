/** The folder that all files of a video begin with: `/m/{grant}/{videoId}/{runId}/`. */
const BASE = /^\/m\/[^/]+\/[^/]+\/[^/]+\//

/**
 * An address of a file of a video under the newest grant. Playlists that were loaded under a former one go on naming it, and
 * it may have ended since. Other addresses stay as they are.
 */
export function rebase(address: string, baseUrl: string): string {
  const url = new URL(address)
  const former = BASE.exec(url.pathname)?.[0]
  if (former === undefined) return address
  url.pathname = baseUrl + url.pathname.slice(former.length)
  return url.href
}
