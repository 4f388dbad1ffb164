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
      serial('integration', 'test/integration/*.test.ts', 8 * MINUTE_MS),
      serial('chaos', 'test/integration/chaos/*.test.ts', 10 * MINUTE_MS),
      serial('contract', 'test/contract/**/*.test.ts', 8 * MINUTE_MS),
      serial('e2e', 'test/e2e/**/*.test.ts', 12 * MINUTE_MS),
    ],
  },
})

/** Tests with real servers and browsers: one file at a time, as two cores are not enough for more. */
function serial(name: string, include: string, timeoutMs: number) {
  return {
    test: {
      name,
      include: [include],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
      fileParallelism: false,
      pool: 'forks' as const,
      globalSetup: ['test/support/global-setup.ts'],
    },
  }
}
