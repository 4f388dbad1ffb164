import { expect, test } from 'vitest'
import { nextPath } from './next-path.ts'

test('paths of this site are kept with query and fragment', () => {
  expect(nextPath('/live/ada?chat=1#top')).toBe('/live/ada?chat=1#top')
})

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'live/ada',
  '',
  undefined,
  7,
])('%j leads home', (given) => {
  expect(nextPath(given)).toBe('/')
})
