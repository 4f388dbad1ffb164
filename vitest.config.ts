import { defineConfig } from 'vitest/config'
import { secondTry } from './test/support/second-try.ts'

const MINUTE_MS = 60_000

export default defineConfig({
  test: {
    reporters: ['default', secondTry],
    projects: [
      {
        test: {
          name: 'unit',
          // One context for all: they share nothing, and starting many costs more than the tests.
          isolate: false,
          include: ['{src,realtime,media,client,web,scripts,test/load}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'dist/**'],
        },
      },
      real('e2e', 'test/e2e/**/*.test.ts', 6 * MINUTE_MS),
      real('integration', 'test/integration/**/*.test.ts', 3 * MINUTE_MS),
      real('contract', 'test/contract/**/*.test.ts', 4 * MINUTE_MS),
    ],
  },
})

/** Tests with real servers and browsers: two files at once, since they wait more than they work. */
function real(name: string, include: string, timeoutMs: number) {
  return {
    test: {
      name,
      include: [include],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      maxWorkers: 2,
      sequence: { groupOrder: 1 },
      // Once more where one failed, and said so at the end (decision 022): their machines are shared and stall.
      retry: 1,
      pool: 'forks' as const,
      globalSetup: ['test/support/global-setup.ts'],
    },
  }
}
