import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isReservedHandle } from './handles.ts'

describe('reserved handles', () => {
  it('are those of pages and of the operator, also with underscores between', () => {
    for (const handle of [
      'live',
      'settings',
      'studio',
      'api',
      'inbox',
      'sign_in',
      'signin',
      'admin',
      'a_dmin',
    ])
      expect(isReservedHandle(handle), handle).toBe(true)
    for (const handle of ['alice', 'live_alice', 'admins', 'my_studio'])
      expect(isReservedHandle(handle), handle).toBe(false)
  })

  it('cover the first part of every page that the web app has', () => {
    const pages = readdirSync('web/src/routes')
      .map((file) => file.replace(/\.tsx$/, '').split('.')[0] ?? '')
      .filter((page) => /^[a-z]/.test(page) && page !== 'index')
    expect(pages.length).toBeGreaterThan(0)
    for (const page of pages) expect(isReservedHandle(page.replaceAll('-', '_')), page).toBe(true)
  })
})
