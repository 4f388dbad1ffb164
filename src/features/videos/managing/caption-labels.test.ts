import { expect, test } from 'vitest'
import { labelOf, languageOf, titleOf } from './caption-labels.ts'

test('captions are called by their language, in that language', () => {
  expect(labelOf({ language: 'de', kind: 'subtitles' })).toBe('Deutsch')
  expect(labelOf({ language: 'en', kind: 'captions' })).toBe('English (CC)')
  expect(labelOf({ language: 'und', kind: 'subtitles' })).toBe('Unknown language')
})

test.each([
  ['eng', 'en'],
  ['ger', 'de'],
  ['fre', 'fr'],
  ['pt-br', 'pt-BR'],
  [undefined, 'und'],
  ['', 'und'],
  ['no language', 'und'],
  ['en-ab-cd', 'und'],
  ['x-own', 'und'],
])('a track of %s is in %s', (told, language) => {
  expect(languageOf(told)).toBe(language)
})

test('names of tracks are cleaned and cut, and an empty one is none', () => {
  expect(titleOf(' For the deaf\u0007 ')).toBe('For the deaf')
  expect(titleOf('x'.repeat(100))).toHaveLength(60)
  expect([titleOf(' '), titleOf(undefined)]).toEqual([undefined, undefined])
})
