import type { VideoRow } from '../videos.repo.ts'
import { isSold, type Sold } from './entitlements.ts'

/** What the owner of a video rules about where and by whom it is watched. */
export type VideoRules = {
  visibility: VideoRow['visibility']
  isAgeRestricted: boolean
  /** ISO 3166-1 alpha-2; empty: everywhere. Of the two lists one is empty. */
  allowedCountries: readonly string[]
  deniedCountries: readonly string[]
}

/** What is known of whoever wants to watch. */
export type Audience = {
  /** The owner and staff, whom no rule stops. */
  isPrivileged: boolean
  /** They have an account, and do not hide sensitive content there. */
  acceptsAdultContent: boolean
  /** They have paid for it, where it is for those who have. */
  hasPaid: boolean
  /** Undefined where no proxy tells it. */
  country: string | undefined
}

/** Why somebody may not watch, in the words of a refusal. */
export type Rule = 'age' | 'country' | Sold

/**
 * Which rule keeps somebody from watching; undefined where none does. Whoever comes from nobody knows where is nowhere that
 * is allowed, and nowhere that is denied.
 */
export function ruleAgainst(rules: VideoRules, audience: Audience): Rule | undefined {
  if (audience.isPrivileged) return undefined
  if (isShutIn(rules, audience.country)) return 'country'
  // Before their age: to tell it takes an account, and so does paying.
  if (isSold(rules.visibility) && !audience.hasPaid) return rules.visibility
  return rules.isAgeRestricted && !audience.acceptsAdultContent ? 'age' : undefined
}

const isShutIn = (
  { allowedCountries, deniedCountries }: Pick<VideoRules, 'allowedCountries' | 'deniedCountries'>,
  country: string | undefined,
): boolean => {
  if (country === undefined) return allowedCountries.length > 0
  if (deniedCountries.includes(country)) return true
  return allowedCountries.length > 0 && !allowedCountries.includes(country)
}
