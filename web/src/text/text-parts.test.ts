import { expect, test } from 'vitest'
import { textParts } from './text-parts.ts'

test('links are found, without the punctuation behind them', () => {
  expect(textParts('see https://example.org/a?b=c, or (http://example.com).')).toEqual([
    { text: 'see ' },
    { text: 'https://example.org/a?b=c', href: 'https://example.org/a?b=c' },
    { text: ', or (' },
    { text: 'http://example.com', href: 'http://example.com' },
    { text: ').' },
  ])
})

test('markup and other schemes stay plain text', () => {
  for (const text of ['<img src=x onerror=alert(1)>', 'javascript:alert(1)', 'https://'])
    expect(textParts(text)).toEqual([{ text }])
})
