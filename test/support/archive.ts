import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'

/** The files of a ZIP archive by their names. */
export async function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip: ZipFile = await promisify<Buffer, object, ZipFile>(fromBuffer)(bytes, { lazyEntries: true })
  const open = promisify(
    zip.openReadStream.bind(zip) as (
      entry: Entry,
      done: (e: Error | null, s: NodeJS.ReadableStream) => void,
    ) => void,
  )
  const files = new Map<string, Buffer>()
  await new Promise<void>((resolve, reject) => {
    zip.on('end', resolve).on('error', reject)
    zip.on('entry', (entry: Entry) => {
      open(entry)
        .then(buffer)
        .then((content) => {
          files.set(entry.fileName, content)
          zip.readEntry()
        })
        .catch(reject)
    })
    zip.readEntry()
  })
  return files
}
