import { expect, test } from 'vitest'
import { createOutputReader } from './output.ts'

test('progress is read from the compiler, also where a line comes in two pieces', () => {
  const reader = createOutputReader()
  expect(reader.read('== Configuring\n')).toEqual({
    message: 'Live video is being prepared. Configuring.',
    progress: null,
  })
  expect(reader.read('[1/200] Compiling a.cpp\n[50/2')).toMatchObject({ progress: 1 / 200 })
  expect(reader.read('00] Compiling b.cpp\n')).toMatchObject({ progress: 0.25 })
})

test('what stopped the script is its own sentence, or the end of its output', () => {
  const reader = createOutputReader()
  reader.read('error: no such header\n')
  expect(reader.problem()).toBe('error: no such header')
  reader.read('!! The media worker could not be compiled.\n')
  expect(reader.problem()).toBe('The media worker could not be compiled.')
})
