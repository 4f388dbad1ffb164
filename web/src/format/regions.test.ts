import { expect, test } from 'vitest'
import { countries, countryName, languageName, languages } from './regions.ts'

test('every language and country has a name, once, in the order of the names', () => {
  for (const list of [languages(), countries()]) {
    expect(list.filter(({ code, name }) => code === name)).toEqual([])
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
  }
  expect(countries().length).toBe(249)
  expect(countries()[0]).toEqual({ code: 'AF', name: 'Afghanistan' })
})

test('what has no name is shown by its code', () => {
  expect([languageName('pt-BR'), countryName('DE')]).toEqual(['Brazilian Portuguese', 'Germany'])
  expect([languageName('not a language'), countryName('?')]).toEqual(['not a language', '?'])
})
