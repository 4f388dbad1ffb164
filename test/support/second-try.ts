import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'

/** Unit tests depend on nothing that could stall. */
const NEVER_AGAIN = 'unit'

/**
 * Says at once why a test failed, since a run goes on for long. Leaves behind, in the file that SECOND_TRY_FILE names, the
 * test files that may run once more, alone (decision 022): those with a failed test, and those whose own process died under
 * them, which have no result at all.
 */
export const secondTry: Reporter = {
  onTestCaseResult(test) {
    for (const { message } of test.result().errors ?? [])
      console.log(`${pathOf(test.module)} > ${test.fullName}: ${message}`)
  },
  onTestRunEnd(modules, errors, reason) {
    const list = process.env.SECOND_TRY_FILE
    if (list)
      writeFileSync(list, JSON.stringify(reason === 'interrupted' ? [] : failedFiles(modules, errors)))
  },
}

/** None where anything went wrong beside them: then the run has failed whatever they would say. */
function failedFiles(modules: readonly TestModule[], errors: readonly { message: string }[]): string[] {
  const failed = modules.filter((module) => ['failed', 'queued', 'pending'].includes(module.state()))
  const isOther = errors.some(({ message }) => !/\bworker\b.*\bemitted error/i.test(message))
  if (isOther || failed.some(({ project }) => project.name === NEVER_AGAIN)) return []
  return failed.map(pathOf)
}

const pathOf = ({ moduleId }: TestModule) => relative(process.cwd(), moduleId)
