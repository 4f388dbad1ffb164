import { Tabs } from 'radix-ui'
import { type RefObject, useEffect, useRef } from 'react'
import { cx } from './cx.ts'

type Props<T extends string> = { tabs: readonly T[]; active: T; label: string; nameOf: (tab: T) => string }

/** The names of tabs in a row, which can be moved sideways where it is too long; stands in `Tabs.Root`. */
export function TabRow<T extends string>({ tabs, active, label, nameOf }: Props<T>) {
  const row = useRef<HTMLDivElement>(null)
  useInSight(row, '[data-state=active]', active)
  return (
    <Tabs.List
      ref={row}
      aria-label={label}
      className={cx(ROW_CLASS, 'flex overflow-x-auto border-b border-line max-md:-mx-4 max-md:px-4')}
    >
      {tabs.map((tab) => (
        <Tabs.Trigger
          key={tab}
          value={tab}
          className="h-11 shrink-0 border-b-2 border-transparent px-4 font-semibold text-text-2 -outline-offset-2 hover:text-text-1 data-[state=active]:border-accent data-[state=active]:text-text-1"
        >
          {nameOf(tab)}
        </Tabs.Trigger>
      ))}
    </Tabs.List>
  )
}

/** Without bars, which would cover what is in the row. */
const ROW_CLASS = 'relative overflow-y-hidden [scrollbar-width:none]'

/** Keeps what `selector` finds in the middle of a row that can be moved sideways, whenever `what` is another one. */
export function useInSight(row: RefObject<HTMLElement | null>, selector: string, what: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one may be out of sight.
  useEffect(() => {
    const show = () => {
      const here = row.current?.querySelector<HTMLElement>(selector)
      // Only the row is moved: `scrollIntoView` would move the page too.
      if (row.current && here)
        row.current.scrollLeft = here.offsetLeft - (row.current.clientWidth - here.clientWidth) / 2
    }
    show()
    window.addEventListener('resize', show)
    return () => window.removeEventListener('resize', show)
  }, [row, selector, what])
}
