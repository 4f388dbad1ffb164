/** Somebody's own yes or no among those of everybody, and how many say yes. */
export type Counted = { isOn: boolean; count: number }

/** How it will be once the server has heard of it. */
export function wished(now: Counted, isOn: boolean): Counted {
  if (now.isOn === isOn) return now
  return { isOn, count: Math.max(0, now.count + (isOn ? 1 : -1)) }
}

/**
 * How it is after the answer to a call. A number that was pushed since the wish was shown is newer than the answer's or
 * followed by one that is, so the answer's is taken only where none was.
 */
export const answered = (now: Counted, shown: Counted, answer: Counted): Counted => ({
  isOn: answer.isOn,
  count: now.count === shown.count ? answer.count : now.count,
})

/** How it is after a refusal: a number that was pushed meanwhile stays. */
export function refused(now: Counted, shown: Counted, confirmed: boolean): Counted {
  return now.count === shown.count ? wished(now, confirmed) : { ...now, isOn: confirmed }
}
