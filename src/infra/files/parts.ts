import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A part of a stream, in a file that whoever takes it removes. */
export type PartFile = { path: string; sizeBytes: number }

/**
 * Cuts a stream into files of `partBytes` in `dir`, the last of which is shorter. Where the stream breaks off, what came
 * until then is a part too, and the error comes after it.
 */
export async function* cutIntoParts(
  stream: AsyncIterable<Uint8Array>,
  partBytes: number,
  dir: string,
): AsyncGenerator<PartFile> {
  let failure: { error: unknown } | undefined
  const chunks = untilBroken(stream, (error) => {
    failure = { error }
  })
  let part: OpenPart | undefined
  try {
    for await (const chunk of chunks) {
      for (let rest = chunk; rest.length > 0; ) {
        part ??= await openPart(dir)
        rest = await part.fill(rest, partBytes)
        if (part.sizeBytes < partBytes) continue
        const full = part
        part = undefined
        yield await full.close()
      }
    }
    const last = part
    part = undefined
    if (last) yield await last.close()
  } finally {
    if (part) await rm((await part.close()).path, { force: true })
  }
  if (failure) throw failure.error
}

async function* untilBroken(stream: AsyncIterable<Uint8Array>, onBroken: (error: unknown) => void) {
  try {
    yield* stream
  } catch (error) {
    onBroken(error)
  }
}

type OpenPart = {
  readonly sizeBytes: number
  /** Takes as much as fits, and answers the rest. */
  fill(bytes: Uint8Array, limitBytes: number): Promise<Uint8Array>
  close(): Promise<PartFile>
}

async function openPart(dir: string): Promise<OpenPart> {
  const path = join(dir, randomUUID())
  const handle = await open(path, 'wx')
  let sizeBytes = 0
  return {
    get sizeBytes() {
      return sizeBytes
    },
    async fill(bytes, limitBytes) {
      const taken = bytes.subarray(0, limitBytes - sizeBytes)
      await handle.appendFile(taken)
      sizeBytes += taken.length
      return bytes.subarray(taken.length)
    },
    async close() {
      await handle.close()
      return { path, sizeBytes }
    },
  }
}
