// Writes src/route-tree.gen.ts, which is not committed, so that the types can be checked without a build.
// The router's plugin generates it as soon as Vite has resolved its configuration.
import { fileURLToPath } from 'node:url'
import { resolveConfig } from 'vite'

await resolveConfig({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)) }, 'build')
