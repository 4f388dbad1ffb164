import { expect, test } from 'vitest'
import { formatSize } from './size.ts'

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1500, '1.5 kB'],
  [2_400_000, '2.4 MB'],
  [7_000_000_000_000_000, '7,000 TB'],
])('%i bytes are %s', (sizeBytes, text) => expect(formatSize(sizeBytes)).toBe(text))
