import { useEffect, useRef, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { shownTheme, useTheme } from '../../../../shell/theme.tsx'

type Props = {
  /** Of both as many, the left one first. */
  xs: readonly number[]
  ys: readonly number[]
  /** What the line is, for its legend and for who does not see it. */
  label: string
  formatX: (x: number) => string
  formatY: (y: number) => string
  /** The highest value that there can be; the highest that there is without it. */
  maxY?: number
}

const HEIGHT_PX = 220
/** Of a label below, with room to the next one. */
const LABEL_PX = 72
/** Wide enough for `100 %` and `12.4K`. */
const AXIS_PX = 56

/** A line over an area, with the value under the pointer; what it shows should also be said in words or in a table. */
export function LineChart({ xs, ys, label, formatX, formatY, maxY }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const scheme = useScheme()
  const formats = useRef({ formatX, formatY })
  formats.current = { formatX, formatY }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme is drawn with other colours.
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const colour = (name: string) =>
      getComputedStyle(element.querySelector(`[data-colour=${name}]`) ?? element).color
    const accent = colour('accent')
    const axis = {
      stroke: colour('text'),
      font: `12px ${getComputedStyle(element).fontFamily}`,
      grid: { stroke: colour('line'), width: 1 },
      ticks: { show: false },
    }
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        cursor: { drag: { x: false, y: false }, y: false },
        hooks: { setLegend: [(plot) => plot.root.classList.toggle('is-read', plot.legend.idx != null)] },
        scales: { x: { time: false }, y: { range: (_, __, max) => [0, maxY ?? Math.max(max, 1)] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: LABEL_PX,
            incrs: [1, 2, 5, 10, 20, 25, 50],
            values: (_, splits) => splits.map((x) => formats.current.formatX(x)),
          },
          {
            ...axis,
            size: AXIS_PX,
            values: (_, splits) => splits.map((y) => formats.current.formatY(y)),
          },
        ],
        series: [
          { label: '', value: (_, x) => (x === null ? '' : formats.current.formatX(x)) },
          {
            ...{ label, stroke: accent, width: 2, fill: accent.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.16)') },
            points: { show: xs.length < 2 },
            value: (_, y) => (y === null ? '' : formats.current.formatY(y)),
          },
        ],
      },
      [[...xs], [...ys]],
      element,
    )
    const observer = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
  }, [xs, ys, label, maxY, scheme])
  return (
    <div ref={frame} aria-hidden className={`min-w-0 overflow-hidden text-sm ${legendClass}`}>
      <span data-colour="accent" className="hidden text-accent" />
      <span data-colour="text" className="hidden text-text-3" />
      <span data-colour="line" className="hidden text-line" />
    </div>
  )
}

/** In its place always, so that nothing moves, and to be seen where there is something to read. */
const legendClass =
  '[&_.u-legend]:invisible [&_.u-legend]:text-left [&_.is-read_.u-legend]:visible [&_.u-legend_.u-series:first-child_th]:hidden'

/** A canvas does not follow the scheme by itself. */
function useScheme(): 'light' | 'dark' {
  const { theme } = useTheme()
  return useSyncExternalStore(onSystemScheme, () => shownTheme(theme))
}

function onSystemScheme(told: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)')
  query.addEventListener('change', told)
  return () => query.removeEventListener('change', told)
}
