import { editText } from '../text/editing.ts'
import { LOCALE } from '../text/messages.ts'

/** Languages that videos are mostly in, by BCP 47; others come with files, and are shown by their names too. */
const LANGUAGES =
  'af am ar az be bg bn bs ca cs cy da de el en en-GB en-US es es-419 et eu fa fi fil fr fr-CA ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl pa pl pt pt-BR ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh-Hans zh-Hant zu'
/** ISO 3166-1 alpha-2. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'

type Named = { code: string; name: string }

/** The name of a language or a country; its code where that has none. */
function nameOf(type: 'language' | 'region', code: string): string {
  try {
    return new Intl.DisplayNames([LOCALE], { type }).of(code) ?? code
  } catch {
    return code
  }
}

/** `und` is what files say that do not know. */
export const languageName = (code: string): string =>
  code === 'und' ? editText('unknownLanguage') : nameOf('language', code)
export const countryName = (code: string): string => nameOf('region', code)

const byName = (codes: string, nameIt: (code: string) => string): Named[] =>
  codes
    .split(' ')
    .map((code) => ({ code, name: nameIt(code) }))
    .sort((a, b) => a.name.localeCompare(b.name, LOCALE))

/** To choose from, by their names. */
export const languages = (): Named[] => byName(LANGUAGES, languageName)
export const countries = (): Named[] => byName(COUNTRIES, countryName)
