import { spawn } from 'node:child_process'

/** Folder of the project, with a slash at the end. */
export const ROOT = new URL('../../', import.meta.url).pathname

/** A failed command's last words: enough for npm's and apt's summaries, short enough for one screen. */
const TAIL_LINES = 40

/**
 * Runs a command to its end and answers `{ code, output }`. Output is collected, or shown at once with `show`. A SIGINT,
 * SIGTERM or SIGHUP that arrives meanwhile is passed on, and ends this process too once the command is gone.
 */
export function run(command, args, { cwd = ROOT, env = process.env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    const stop = passSignalsTo(child)
    child.on('error', (error) => {
      stop()
      reject(error)
    })
    child.on('close', (code, signal) => {
      const received = stop()
      if (received) process.kill(process.pid, received)
      else resolve({ code: code ?? 1, signal, output: Buffer.concat(chunks).toString() })
    })
  })
}

/** Passes signals on to a child until the returned function is called, which answers the signal that came, if any. */
export function passSignalsTo(child) {
  let received
  const forward = (signal) => {
    received ??= signal
    child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  return () => {
    for (const signal of signals) process.off(signal, forward)
    return received
  }
}

/** Like `run`, under a line that says what is going on; what the command wrote is shown only when it fails. Throws then. */
export async function step(title, command, args, options = {}) {
  const startedAt = Date.now()
  process.stderr.write(`${title} …`)
  const result = await run(command, args, options)
  if (result.code === 0) {
    process.stderr.write(` done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`)
    return result
  }
  process.stderr.write(' failed\n')
  const tail = result.output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  throw new StepError(`${tail}\n\n${title}: ${command} ended with ${result.signal ?? `code ${result.code}`}.`)
}

/** A step that failed; the message is for people and needs no stack. */
export class StepError extends Error {}

/** Runs a program's main function; a `StepError` is shown as its message alone. */
export async function main(work) {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${error instanceof StepError ? error.message : (error?.stack ?? error)}\n`)
    process.exitCode = 1
  }
}
