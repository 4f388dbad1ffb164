import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** Debian's Chromium; tests never download a browser. */
const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // Names such as `…local` in place of addresses need multicast, which a test machine may not have.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

export type BrowserOptions = {
  /** Network namespace to run in; the machine's own without it. */
  namespace?: string
  /** An http origin whose pages may use the camera, as a page over https may. */
  secureOrigin?: string
  viewport?: { width: number; height: number }
  colorScheme?: 'light' | 'dark'
  /** For a script of the test's own in a page, such as another player. */
  bypassCSP?: boolean
}

export type TestBrowser = AsyncDisposable & {
  context: BrowserContext
  /** A page that fails the test by an error in its script: they are kept here. */
  page(url: string): Promise<Page>
  errors: string[]
}

/** A real Chromium with a fake camera and microphone, a profile of its own, and optionally a network of its own. */
export async function startBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const dir = await mkdtemp(join(tmpdir(), 'social-flow-browser-'))
  const { namespace, secureOrigin, viewport = { width: 1440, height: 900 }, colorScheme = 'dark' } = options
  const { bypassCSP = false } = options
  const context = await chromium.launchPersistentContext(join(dir, 'profile'), {
    executablePath: namespace ? await wrapperIn(dir, namespace) : CHROMIUM,
    headless: true,
    viewport,
    colorScheme,
    bypassCSP,
    args: secureOrigin ? [...FLAGS, `--unsafely-treat-insecure-origin-as-secure=${secureOrigin}`] : FLAGS,
  })
  context.setDefaultTimeout(120_000)
  const errors: string[] = []
  return {
    context,
    errors,
    async page(url) {
      const page = await context.newPage()
      page.on('pageerror', (error) => errors.push(error.message))
      await page.goto(url)
      return page
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Playwright talks to the browser over a pipe, which reaches into any network namespace. */
async function wrapperIn(dir: string, namespace: string): Promise<string> {
  const file = join(dir, 'chromium')
  await writeFile(file, `#!/bin/sh\nexec ip netns exec ${namespace} ${CHROMIUM} "$@"\n`, { mode: 0o755 })
  return file
}

/** Runs a system program and answers its output; rejects with what it said. */
export function system(program: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk
      })
    }
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${output}`)),
    )
  })
}
