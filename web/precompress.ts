import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest', '.txt'])
/** Below one TCP segment (RFC 879: 1460 bytes with headers off) compression saves no packet. */
const SMALLEST_BYTES = 1400

/** Writes `.gz` and `.br` beside every text file of the build, so that the server never compresses them itself. */
export function precompress(): Plugin {
  let outDir = ''
  return {
    name: 'social-flow:precompress',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    async closeBundle() {
      const entries = await readdir(outDir, { recursive: true, withFileTypes: true }).catch(() => [])
      const files = entries.filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)))
      await Promise.all(files.map((file) => compress(join(file.parentPath, file.name))))
    },
  }
}

async function compress(path: string): Promise<void> {
  const source = await readFile(path)
  if (source.byteLength < SMALLEST_BYTES) return
  const [zipped, brotli] = await Promise.all([
    promisify(gzip)(source, { level: constants.Z_BEST_COMPRESSION }),
    promisify(brotliCompress)(source),
  ])
  await Promise.all([writeFile(`${path}.gz`, zipped), writeFile(`${path}.br`, brotli)])
}
