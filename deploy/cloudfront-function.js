// For CloudFront (runtime 2.0), at the viewer request of everything that serves videos: see docs/operations.md.

/** What players ask for; never what was uploaded, which lies beside it, nor a way out of the folder that cookies open. */
const FILE =
  /^(\/videos\/[0-9a-f-]{36}\/)[0-9a-f-]{36}\/play\/((?:[a-z0-9_-]{1,60}\/){0,2}[a-z0-9_-]{1,60}\.(?:m3u8|mpd|mp4|m4s|vtt|webp|avif|jpg))$/
/** What owners gave a video lies beside the folders of its runs, as it stays when the video gets another file. */
const OWN = /^(?:captions\/[^/]+\.vtt|posters\/[0-9a-f-]{36}\/[^/]+)$/

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it.
function handler(event) {
  const request = event.request
  const found = FILE.exec(request.uri)
  if (!found) return { statusCode: 403, statusDescription: 'Forbidden' }
  if (OWN.test(found[2])) request.uri = `${found[1]}own/${found[2]}`
  return request
}
