import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { lockFolder } from '../../src/infra/postgres/folder-lock.ts'

it('a second server on the same folder is refused and told so, until the first one ends', async () => {
  const dir = `/nowhere/${randomUUID()}`
  const first = await lockFolder(dir)
  await expect(lockFolder(dir)).rejects.toThrow(`Another server is running on the database in ${dir}`)
  await using other = await lockFolder(`${dir}-other`)
  expect(other).toBeDefined()
  await first[Symbol.asyncDispose]()
  await using second = await lockFolder(dir)
  expect(second).toBeDefined()
})

it('the lock goes with a process that is killed', async () => {
  const dir = `/nowhere/${randomUUID()}`
  const file = new URL('../../src/infra/postgres/folder-lock.ts', import.meta.url).href
  const program = `await (await import(${JSON.stringify(file)})).lockFolder(${JSON.stringify(dir)}); process.send('locked'); setInterval(() => {}, 1000)`
  const holder = fork('-', [], { execArgv: ['--import', 'tsx', '--input-type=module', '--eval', program] })
  await once(holder, 'message')
  await expect(lockFolder(dir)).rejects.toThrow('Another server is running')
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await using again = await lockFolder(dir)
  expect(again).toBeDefined()
})
