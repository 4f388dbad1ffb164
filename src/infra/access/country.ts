/** ISO 3166-1 alpha-2; proxies write XX and T1 where they do not know. */
const COUNTRY = /^(?!XX)[A-Z]{2}$/

export type CountrySettings = { COUNTRY_HEADER?: string | undefined }

/** The country that the operator's proxy names, in upper case; undefined where it names none. */
export function countryOf(
  { COUNTRY_HEADER }: CountrySettings,
  { header }: { header(name: string): string | undefined },
): string | undefined {
  const told = COUNTRY_HEADER && header(COUNTRY_HEADER)?.trim().toUpperCase()
  return told && COUNTRY.test(told) ? told : undefined
}
