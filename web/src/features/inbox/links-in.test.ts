import { expect, test } from 'vitest'
import { linksIn } from './links-in.ts'

test('links of this app are found once, without the full stop behind them', () => {
  const text = 'Open http://localhost:3000/verify?token=abc.\nOr http://localhost:3000/verify?token=abc'
  expect(linksIn(text, 'http://localhost:3000').map((link) => link.path)).toEqual(['/verify?token=abc'])
})

test('a verification link is followed here even where the mail names another address of the server', () => {
  expect(linksIn('http://192.168.1.7:3000/verify?token=abc', 'http://localhost:3000')).toEqual([
    { href: 'http://192.168.1.7:3000/verify?token=abc', path: '/verify?token=abc' },
  ])
})

test('links elsewhere are not offered', () => {
  expect(linksIn('See https://example.org/help', 'http://localhost:3000')).toEqual([])
})
