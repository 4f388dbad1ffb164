/** What the owner of a video rules about where and by whom it is watched. */
export type VideoRules = {
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
  /** Undefined where no proxy tells it. */
  country: string | undefined
}

/**
 * Which rule keeps somebody from watching; undefined where none does. Whoever comes from nobody knows where is nowhere that
 * is allowed, and nowhere that is denied.
 */
export function ruleAgainst(rules: VideoRules, audience: Audience): 'age' | 'country' | undefined {
  if (audience.isPrivileged) return undefined
  if (isShutIn(rules, audience.country)) return 'country'
  return rules.isAgeRestricted && !audience.acceptsAdultContent ? 'age' : undefined
}

const isShutIn = (
  { allowedCountries, deniedCountries }: VideoRules,
  country: string | undefined,
): boolean => {
  if (country === undefined) return allowedCountries.length > 0
  if (deniedCountries.includes(country)) return true
  return allowedCountries.length > 0 && !allowedCountries.includes(country)
}
