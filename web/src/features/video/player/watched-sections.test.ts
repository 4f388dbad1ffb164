import { expect, test } from 'vitest'
import { createWatchedSections } from './watched-sections.ts'

test('what is played is one section, until somebody seeks', () => {
  const watched = createWatchedSections()
  for (const at of [0, 0.25, 0.5, 1]) watched.at(at)
  watched.cut()
  for (const at of [30, 30.5, 31]) watched.at(at)
  watched.at(10)
  watched.at(11.5)
  expect(watched.take()).toEqual([
    [0, 1000],
    [30_000, 31_000],
    [10_000, 11_500],
  ])
  expect(watched.take()).toEqual([])
})

test('what is told later goes on where the last one ended', () => {
  const watched = createWatchedSections()
  watched.at(0)
  watched.at(2)
  expect(watched.take()).toEqual([[0, 2000]])
  watched.at(3)
  const told = watched.take()
  expect(told).toEqual([[2000, 3000]])
  watched.putBack(told)
  watched.at(4)
  expect(watched.take()).toEqual([
    [2000, 3000],
    [3000, 4000],
  ])
})

test('no more is told at once than is taken', () => {
  const watched = createWatchedSections()
  for (let i = 0; i < 100; i++) {
    watched.cut()
    watched.at(i * 10)
    watched.at(i * 10 + 1)
  }
  const told = watched.take()
  expect(told).toHaveLength(60)
  expect(told.at(-1)).toEqual([990_000, 991_000])
})
