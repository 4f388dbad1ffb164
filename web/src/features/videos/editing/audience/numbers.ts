import { LOCALE } from '../../../../text/messages.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const short = new Intl.DateTimeFormat(LOCALE, { month: 'short', day: 'numeric', timeZone: 'UTC' })

/** `Nov 22`, of a day in UTC; nothing for one that is not there. */
export const formatDay = (day: string | undefined): string =>
  day === undefined ? '' : short.format(new Date(day))

type Day = { day: string; views: number }

/** Every day from the first to the last that is told; on those between nobody watched. */
export function allDays(days: readonly Day[]): Day[] {
  const known = new Map(days.map((one) => [one.day, one]))
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const filled: Day[] = []
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10)
    filled.push(known.get(day) ?? { day, views: 0 })
  }
  return filled
}

/** How long a view lasts in the middle; nothing without views. */
export const averageWatchMs = ({ views, watchMs }: { views: number; watchMs: number }): number =>
  views === 0 ? 0 : watchMs / views

/** Which share still watches when half is over. */
export const keptAtHalf = (shares: readonly number[]): number => shares[Math.floor(shares.length / 2)] ?? 0
