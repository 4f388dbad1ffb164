import { execFile, execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
/** The slowest part takes four seconds alone; beside other tests and other people's work, many times that. */
const PART_TIMEOUT_MS = 5 * 60_000

/** A copy of the working tree, as it would be committed, in which something can be planted. */
let copy: string

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'social-flow-check-'))
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: PROJECT,
    encoding: 'utf8',
  })
  for (const file of list.split('\n').filter(Boolean)) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    // A file that was deleted and not committed yet is still listed.
    await cp(join(PROJECT, file), join(copy, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('git', ['init', '--quiet'], { cwd: copy })
}, PART_TIMEOUT_MS)

afterAll(() => rm(copy, { recursive: true, force: true }))

/** Runs one part of the check in the copy. */
const check = (part: string) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    execFile(process.execPath, ['scripts/check.mjs', part], { cwd: copy }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
    })
  })

/** Each line: what is planted, where, the part that must refuse it, and the words it must say. */
const PLANTED = [
  {
    what: 'an import that the table of layers forbids',
    file: 'src/core/planted.ts',
    text: "import { openDatabase } from '../infra/db.ts'\nexport const planted = openDatabase\n",
    part: 'imports',
    says: 'core-is-a-leaf: src/core/planted.ts → src/infra/db.ts',
  },
  {
    what: 'a value of the contract in the browser',
    file: 'client/planted.ts',
    text: "import { calls } from '../src/contract/index.ts'\nexport const planted = calls\n",
    part: 'imports',
    says: 'browsers-get-the-types-of-the-contract: client/planted.ts → src/contract/index.ts',
  },
  {
    what: 'an export that nobody uses',
    file: 'src/core/time.ts',
    text: 'export const plantedAndUnused = 1\n',
    part: 'unused',
    says: 'plantedAndUnused',
  },
  {
    what: 'a document that is not what the contract says',
    file: 'docs/openapi.json',
    text: ' ',
    part: 'docs',
    says: 'docs/openapi.json',
  },
  {
    what: 'a promise that nobody waits for',
    file: 'src/core/time.ts',
    text: 'export function planted(): void {\n  sleep(1)\n}\n',
    part: 'lint',
    says: 'no-floating-promises',
  },
  {
    what: 'a type that does not fit',
    file: 'src/core/time.ts',
    text: "export const planted: number = 'one'\n",
    part: 'types',
    says: "Type 'string' is not assignable to type 'number'",
  },
  {
    what: 'a file that is too long',
    file: 'src/core/planted.ts',
    text: '// One more line.\n'.repeat(301),
    part: 'size',
    says: 'src/core/planted.ts has 301 lines',
  },
  {
    what: 'a function that is too long',
    file: 'src/core/planted.ts',
    text: `export function planted(): number {\n  let n = 0\n${'  n++\n'.repeat(58)}  return n\n}\n`,
    part: 'size',
    says: 'src/core/planted.ts:1 has a function of 62 lines',
  },
]

describe('npm run check', () => {
  it.each(PLANTED)('refuses $what', { timeout: PART_TIMEOUT_MS }, async ({ file, text, part, says }) => {
    const path = join(copy, file)
    const original = await readFile(path, 'utf8').catch(() => undefined)
    await appendFile(path, text)
    try {
      const { code, output } = await check(part)
      expect(output).toContain(says)
      expect(code).not.toBe(0)
    } finally {
      await (original === undefined ? rm(path) : writeFile(path, original))
    }
  })

  it('judges the web app by routes that are listed anew', { timeout: PART_TIMEOUT_MS }, async () => {
    const path = join(copy, 'web/src/route-tree.gen.ts')
    await writeFile(path, 'export const routeTree = 1\n')
    const { code, output } = await check('types-web')
    expect(output).toContain('✓ types-web')
    expect(code).toBe(0)
    expect(await readFile(path, 'utf8')).toContain("'/admin/audit'")
  })

  it('names its parts where one does not exist', async () => {
    const { code, output } = await check('nothing')
    expect(output).toContain('There is no part nothing')
    expect(code).not.toBe(0)
  })
})
