import type { Page } from 'playwright-core'
import { until } from './until.ts'

/** What the tests of following look for on pages. */
export const bell = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notifications/ })
export const follow = (page: Page) => page.getByTestId('follow')
export const entries = (page: Page) => page.getByTestId('feed-entry')
export const titlesOf = (page: Page) => entries(page).getByRole('heading').allInnerTexts()
export const unreadIs = (page: Page, count: number) =>
  until(`${count} unread`, async () => {
    const label = await bell(page).getAttribute('aria-label')
    return label === (count === 0 ? 'Notifications' : `Notifications, ${count} unread`)
  })
