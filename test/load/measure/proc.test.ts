import { expect, test } from 'vitest'
import {
  cpuOf,
  familyOf,
  parseMachineBusyS,
  parsePss,
  parseRss,
  parseStat,
  pssBytesOf,
  secondsBetween,
} from './proc.ts'

const STAT =
  '4711 (a (b) c) S 12 4711 1 0 -1 4194304 900 0 3 0 250 125 7 8 20 0 11 0 5000 1000 200 18446744073709551615'

test('CPU time is read behind a name with brackets and spaces', () => {
  expect(parseStat(STAT)).toEqual({ parentPid: 12, userS: 2.5, systemS: 1.25 })
})

test('a file of another form is refused', () => {
  expect(() => parseStat('4711 (name) S 1')).toThrow('form')
  expect(() => parsePss('Rss: 10 kB')).toThrow('form')
  expect(() => parseRss('VmSize: 10 kB')).toThrow('form')
})

test('the memory of a process is its proportional share', () => {
  expect(parsePss('55d0-7ffe ---p 00000000 [rollup]\nRss:  200 kB\nPss:  123 kB\nPss_Dirty: 7 kB\n')).toBe(
    123 * 1024,
  )
})

test('what a process has in memory is read among its other sizes', () => {
  expect(parseRss('VmPeak:\t  900 kB\nVmHWM:\t  500 kB\nVmRSS:\t  321 kB\nRssAnon: 7 kB\n')).toBe(321 * 1024)
})

test('a machine is busy with everything but waiting', () => {
  expect(parseMachineBusyS('cpu  100 20 30 9999 7777 4 5 6 0 0\ncpu0 9 9 9 9 9 9 9 9 0 0\n')).toBe(1.65)
  expect(() => parseMachineBusyS('cpu0 9 9 9 9 9 9 9 9 0 0')).toThrow('form')
})

test('work costs CPU time, and memory that is held counts', async () => {
  const before = await cpuOf(process.pid)
  const memoryBefore = await pssBytesOf(process.pid)
  const held = Buffer.alloc(64 * 2 ** 20, 1)
  while (secondsBetween(before, await cpuOf(process.pid)) < 0.02) held.fill(2)
  expect((await pssBytesOf(process.pid)) - memoryBefore).toBeGreaterThan(32 * 2 ** 20)
  expect(held.length).toBeGreaterThan(0)
})

test('a process belongs to the family of its parent', async () => {
  expect(await familyOf(process.ppid)).toContain(process.pid)
  expect(await familyOf(process.pid)).not.toContain(process.ppid)
})
