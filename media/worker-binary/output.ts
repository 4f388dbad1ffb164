import type { Step } from './worker-binary.ts'

/** Reads the lines of the compile script. */
export type OutputReader = {
  /** Takes a piece of output; returns what it says about the progress, if anything. */
  read(chunk: string): Step | undefined
  /** The sentence that names what stopped the script, else its last lines. */
  problem(): string
}

/** Enough of the end of a compiler's output to see an error. */
const KEPT_LINES = 12

export function createOutputReader(): OutputReader {
  const lastLines: string[] = []
  let rest = ''
  let problem: string | undefined

  const readLine = (line: string): Step | undefined => {
    const [, done, total] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? []
    if (done && total) {
      return { message: COMPILING, progress: Number(total) > 0 ? Number(done) / Number(total) : null }
    }
    if (line.startsWith('!! ')) problem = line.slice(3)
    else if (line.startsWith('== ')) return { message: `${PREPARING} ${line.slice(3)}.`, progress: null }
    else if (line.trim() !== '') lastLines.push(line)
    if (lastLines.length > KEPT_LINES) lastLines.shift()
    return undefined
  }

  return {
    read(chunk) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      return lines.map(readLine).reduce((last, step) => step ?? last, undefined)
    },
    problem: () => problem ?? (lastLines.join('\n') || 'The compile script ended without saying why.'),
  }
}

const PREPARING = 'Live video is being prepared.'
const COMPILING = `${PREPARING} The media worker is compiled on this machine, once; that takes some minutes.`
