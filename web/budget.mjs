// Measures the script that the home page loads – its entry, its route and everything both import – as gzip sends it,
// and fails above the budget of design/web.md. Run it after `vite build`.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** What a phone on a slow network (1.6 Mbit/s) loads in 0.75 s. */
const BUDGET_BYTES = 150 * 1000

/** What the home page needs: the entry and the page itself, which the router loads by its own import. */
const ROOTS = [/^index\.html$/, /routes\/index\.tsx/]
/** Never on the first page: validation and everything about WebRTC. */
const FORBIDDEN = [/node_modules\/zod\//, /node_modules\/mediasoup-client\//]

const outDir = fileURLToPath(new URL('../dist/web/', import.meta.url))
const manifest = JSON.parse(await readFile(`${outDir}.vite/manifest.json`, 'utf8'))

const found = new Set()
const visit = (key) => {
  if (found.has(key)) return
  found.add(key)
  for (const next of manifest[key].imports ?? []) visit(next)
}
for (const key of Object.keys(manifest)) if (ROOTS.some((root) => root.test(key))) visit(key)

let total = 0
const problems = []
for (const key of found) {
  const { file } = manifest[key]
  if (!file.endsWith('.js')) continue
  const size = gzipSync(await readFile(outDir + file), { level: 9 }).byteLength
  total += size
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${file}`)
  // The bundler's own runtime comes without a map, as it has no source.
  const map = await readFile(`${outDir}${file}.map`, 'utf8').catch(() => '{"sources":[]}')
  for (const source of JSON.parse(map).sources)
    if (FORBIDDEN.some((pattern) => pattern.test(source))) problems.push(`${file} contains ${source}.`)
}
console.log(
  `${(total / 1000).toFixed(1).padStart(7)} kB  script of the home page, gzip; at most ${BUDGET_BYTES / 1000}`,
)
if (total === 0) problems.push('No script was found: the build has another shape than this program expects.')
if (total > BUDGET_BYTES)
  problems.push(`The home page loads ${total - BUDGET_BYTES} bytes of script too much.`)
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
