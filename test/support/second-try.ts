import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Names every test that passed only at its second try, and leaves behind, in the file that SECOND_TRY_FILE names, the test
 * files whose own process died under them: those have no result, neither good nor bad.
 */
export const secondTry: Reporter = {
  onTestRunEnd(modules, errors) {
    for (const test of modules.flatMap((module) => [...module.children.allTests()].filter(passedLate)))
      console.log(`Passed at the second try only: ${pathOf(test.module)} > ${test.fullName}`)
    const list = process.env.SECOND_TRY_FILE
    if (list) writeFileSync(list, JSON.stringify(withoutResult(modules, errors)))
  },
}

const passedLate = (test: TestCase) =>
  test.result().state === 'passed' && (test.diagnostic()?.retryCount ?? 0) > 0

const pathOf = (module: TestModule) => relative(process.cwd(), module.moduleId)

/** None where anything else went wrong too, or where somebody ended the run: then it has failed whatever they would say. */
function withoutResult(modules: readonly TestModule[], errors: readonly { message: string }[]): string[] {
  const onlyDead =
    errors.length > 0 && errors.every(({ message }) => /\bworker\b.*\bemitted error/i.test(message))
  if (!onlyDead || modules.some((module) => module.state() === 'failed')) return []
  return modules.filter((module) => ['queued', 'pending'].includes(module.state())).map(pathOf)
}
