import { expect, test } from 'vitest'
import { cleanLine } from './text.ts'

test.each([
  ['control characters become spaces', 'a\u0000b\r\n\tc\u009fd', 'a b c d'],
  ['lone surrogates are replaced', 'a\ud800b', 'a\ufffdb'],
  ['direction overrides and isolates are dropped', '\u202eevil\u202c \u2066x\u2069', 'evil x'],
  ['ends are trimmed', ' \u00a0 x \n', 'x'],
  ['nothing but space is nothing', '\u0000\n \u202e', ''],
  ['languages and emoji stay as they are', 'שלום – 你好 👩‍👩‍👧‍👦', 'שלום – 你好 👩‍👩‍👧‍👦'],
])('%s', (_what, text, clean) => {
  expect(cleanLine(text)).toBe(clean)
})
