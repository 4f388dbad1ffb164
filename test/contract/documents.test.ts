import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const PROJECT = join(import.meta.dirname, '../..')
const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: PROJECT,
  encoding: 'utf8',
})
const documents = list.split('\n').filter((path) => path && existsSync(join(PROJECT, path)))

/** A fenced block or a code span can hold brackets that are no link. */
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```|`[^`\n]*`/g, '')

describe.each(documents)('%s', (path) => {
  const text = readFileSync(join(PROJECT, path), 'utf8')

  it('links to files that exist', () => {
    const targets = [...withoutCode(text).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(
      ([, target]) => target ?? '',
    )
    const missing = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(PROJECT, dirname(path), target)))
    expect(missing).toEqual([])
  })

  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[\w-]+)/g)].map(
      ([, name]) => name ?? '',
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('names files of this project that exist', () => {
    const ROOTS = 'src|realtime|media|drizzle|client|web|test|scripts|docs'
    const spans = [...text.matchAll(new RegExp(`\`((?:${ROOTS})/[\\w./-]+)\``, 'g'))].map(
      ([, name]) => name ?? '',
    )
    expect(spans.filter((name) => !existsSync(join(PROJECT, name)))).toEqual([])
  })
})
