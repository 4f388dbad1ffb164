import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calls, routes, topics } from '../../src/contract/index.ts'
import { ERRORS } from '../../src/core/errors.ts'

/** All source below some folders, as one text. */
function sourceOf(folders: readonly string[], isWanted: (file: string) => boolean): string {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.ts') && isWanted(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
}

const tests = sourceOf(['test/integration', 'test/support', 'client/live'], () => true)
const product = sourceOf(
  ['src', 'realtime', 'media'],
  (file) => !file.endsWith('.test.ts') && !file.endsWith('core/errors.ts'),
)

describe('completeness', () => {
  test.each(Object.keys(calls))('an integration test makes the call %s', (call) => {
    expect(tests).toContain(`'${call}'`)
  })

  test.each(Object.values(routes).map(({ method, path }) => `${method} ${path}`))(
    'an integration test asks %s',
    (route) => {
      const [method = '', path = ''] = route.split(' ')
      const isNamed =
        tests.includes(`'${route}'`) || tests.includes(`'${path}'`) || tests.includes(`${method}('${path}`)
      expect(isNamed).toBe(true)
    },
  )

  test.each(Object.keys(topics))('an integration test follows the topic %s', (pattern) => {
    expect(tests).toContain(pattern.split('{')[0])
  })

  test.each(Object.keys(ERRORS))('the error %s is produced somewhere', (code) => {
    expect(product).toContain(`'${code}'`)
  })
})
