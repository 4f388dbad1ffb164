import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { keepPicture } from './page-probes.ts'

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }
const SCHEMES = ['dark', 'light'] as const

/** Layout shift that Core Web Vitals calls good is 0.1; ours must stay under half of it. */
export const LAYOUT_SHIFT_MAX = 0.05

/**
 * Rules of WCAG A and AA; what axe calls serious or critical keeps somebody out. A second colour scheme changes nothing but
 * contrast. Legacy mode looks at the page itself and at frames of the same origin, without a page of its own for each look.
 */
async function seriousFaults(page: Page, { onlyContrast }: { onlyContrast: boolean }): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode()
  if (onlyContrast) axe.withRules(['color-contrast'])
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** How much of the page has jumped so far, without somebody's doing. */
export const layoutShift = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & {
            value: number
            hadRecentInput: boolean
          })[]) {
            if (!entry.hadRecentInput) sum += entry.value
          }
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(sum), 200)
      }),
  )

/** A page half way between two schemes has the contrast of neither. */
const finishTransitions = (page: Page) =>
  page.evaluate(() => {
    for (const animation of document.getAnimations())
      if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish()
  })

/** Looks at one page in every size and scheme: it must not scroll sideways, jump, or shut people out. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await finishTransitions(page)
      await keepPicture(page, `${name}-${size}-${colorScheme}`)
      const faults = await seriousFaults(page, { onlyContrast: colorScheme !== SCHEMES[0] })
      expect(faults, `${name}, ${size}, ${colorScheme}`).toEqual([])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, `${name}, ${size}: wider than the screen`).toBeLessThanOrEqual(0)
    }
  }
  await page.setViewportSize(SIZES.desktop)
}
