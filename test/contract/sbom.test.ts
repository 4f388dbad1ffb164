import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
const { dependencies } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>
}

type Sbom = {
  bomFormat: string
  components: { 'bom-ref': string; name: string; version: string; purl: string; licenses?: unknown[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

let folder: string
let text: string
let sbom: Sbom

/** Written as `npm run sbom` does, into a file of the test's own. */
function written(file: string): string {
  execFileSync(process.execPath, ['scripts/steps/sbom.mjs', join(folder, file)], { cwd: PROJECT })
  return readFileSync(join(folder, file), 'utf8')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'social-flow-sbom-'))
  text = written('first.json')
  sbom = JSON.parse(text) as Sbom
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the bill of materials', () => {
  it('has every package that the server names, in the version that is pinned, and what those need', () => {
    const listed = new Set(sbom.components.map((component) => component['bom-ref']))
    for (const [name, version] of Object.entries(dependencies))
      expect(listed).toContain(version.startsWith('npm:') ? version.slice(4) : `${name}@${version}`)
    expect(sbom.bomFormat).toBe('CycloneDX')
    for (const { ref, dependsOn } of sbom.dependencies) {
      if (!ref.startsWith('social-flow@')) expect(listed).toContain(ref)
      for (const needed of dependsOn) expect(listed).toContain(needed)
    }
  })

  it('has what the pages are made from, and no tools', () => {
    const names = sbom.components.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'react',
        'react-dom',
        'mediasoup-client',
        'radix-ui',
        '@fontsource-variable/inter',
      ]),
    )
    for (const tool of ['vitest', 'typescript-7', 'knip', 'playwright-core', 'drizzle-kit'])
      expect(names).not.toContain(tool)
  })

  it('says nothing of the machine that made it, and is the same when it is made again', () => {
    for (const place of [PROJECT, folder, process.execPath, 'node_modules', '.tgz'])
      expect(text).not.toContain(place)
    for (const { purl } of sbom.components) expect(purl).toMatch(/^pkg:npm\/[^?]+$/)
    expect(written('second.json')).toBe(text)
  })
})
