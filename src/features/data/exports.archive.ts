import { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { ZipFile } from 'yazl'
import type { ObjectStorage } from '../../core/ports.ts'
import type { Database } from '../../infra/db.ts'
import { pictureFolder } from '../profiles/profiles.service.ts'
import { SECTIONS, type Section } from './exports.contents.ts'

type Deps = { db: Pick<Database, 'orm'>; storage: Pick<ObjectStorage, 'read' | 'list'> }

/** Rows of a page: some hundred KB at most, so that an archive is made in a few MB whatever its size is. */
const PAGE_ROWS = 500

export type Progress = (stage: string, percent: number) => Promise<void>

/**
 * The archive of an account as bytes, made while they are taken: one page of rows or one part of a picture is held at a
 * time. `onStage` is told of every file before it is begun, and may end it all by throwing.
 */
export async function* archiveOf(deps: Deps, userId: string, onStage: Progress): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile()
  const out = zip.outputStream as Readable
  const sources = new Set<Readable>()
  /** The library takes the next file when the one before it is written, and looks after no failure of what it takes. */
  const add = (name: string, bytes: () => AsyncIterable<Uint8Array | string>): void =>
    zip.addReadStreamLazy(name, (done) => {
      const source = Readable.from(bytes(), { objectMode: false })
      sources.add(source)
      source.on('error', (error) => out.destroy(error)).on('close', () => sources.delete(source))
      done(null, source)
    })
  const pictures = await picturesOf(deps, userId)
  const total = SECTIONS.length + pictures.length
  const begins = (file: string, place: number) => onStage(file, Math.floor((100 * place) / total))
  zip.addBuffer(Buffer.from(readmeOf(pictures.length)), 'README.txt')
  for (const [place, section] of SECTIONS.entries())
    add(section.file, async function* () {
      await begins(section.file, place)
      yield* asJson(rowsOf(deps.db, section, userId))
    })
  for (const [place, { key, file }] of pictures.entries())
    add(file, async function* () {
      await begins(file, SECTIONS.length + place)
      await using found = (await deps.storage.read(key)).body
      yield* found
    })
  zip.end()
  try {
    yield* out
  } finally {
    // Whoever takes no more of it leaves a file open.
    for (const source of sources) source.destroy()
  }
}

/** A list in JSON, a row a line. */
async function* asJson(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let before = '[\n'
  for await (const row of rows) {
    yield before + row
    before = ',\n'
  }
  yield before === '[\n' ? '[]\n' : '\n]\n'
}

/** Rows as JSON, read page by page. */
async function* rowsOf(
  db: Pick<Database, 'orm'>,
  { rows, key }: Section,
  userId: string,
): AsyncGenerator<string> {
  const columns = sql.join(
    key.map(([name]) => sql`r.${sql.identifier(name)}`),
    sql`, `,
  )
  const texts = sql.join(
    key.map(([name]) => sql`r.${sql.identifier(name)}::text`),
    sql`, `,
  )
  for (let place: readonly string[] | undefined; ; ) {
    const after = place && afterPlace(key, columns, place)
    const page = await db.orm.execute<{ line: string; place: string[] }>(sql`
      select to_json(r)::text as line, array[${texts}] as place
      from (${rows(sql`${userId}::uuid`)}) r ${after ? sql`where ${after}` : sql``}
      order by ${columns} limit ${PAGE_ROWS}`)
    for (const { line } of page) yield line
    if (page.length < PAGE_ROWS) return
    place = page.at(-1)?.place
  }
}

const afterPlace = (key: Section['key'], columns: ReturnType<typeof sql>, place: readonly string[]) =>
  sql`(${columns}) > (${sql.join(
    key.map(([, type], i) => sql`${place[i]}::${sql.raw(type)}`),
    sql`, `,
  )})`

/** Pictures that the account has now, with their names in the archive. */
async function picturesOf({ db, storage }: Deps, userId: string) {
  const [row] = await db.orm.execute<{ avatar: string | null; cover: string | null }>(sql`
    select u.avatar ->> 'id' as avatar, p.cover ->> 'id' as cover
    from users u left join profiles p on p.user_id = u.id where u.id = ${userId}`)
  const found: { key: string; file: string }[] = []
  for (const kind of ['avatar', 'cover'] as const) {
    const id = row?.[kind]
    if (!id) continue
    const folder = pictureFolder(kind, id)
    for (const key of await storage.list(folder))
      found.push({ key, file: `pictures/${kind}-${key.slice(folder.length)}` })
  }
  return found
}

const readmeOf = (pictures: number): string => `Everything that is yours at Social Flow

Each file is a list in JSON. Times are in the time zone they name. An empty list means that there is nothing of this kind.

${SECTIONS.map(({ file, about }) => `${file}\n    ${about}`).join('\n\n')}

pictures/
    ${pictures === 0 ? 'You have no pictures.' : 'Your picture and your cover, in the sizes they are shown in.'}
`
