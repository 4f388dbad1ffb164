import { expect, test } from 'vitest'
import { ruleAgainst } from './videos.rules.ts'

const open = { isAgeRestricted: false, allowedCountries: [], deniedCountries: [] }
const adult = { ...open, isAgeRestricted: true }
const onlyGermany = { ...open, allowedCountries: ['DE', 'AT'] }
const notGermany = { ...open, deniedCountries: ['DE'] }
const anybody = { isPrivileged: false, acceptsAdultContent: false, country: undefined }
const from = (country: string) => ({ ...anybody, country })

test.each([
  ['what has no rules is for everybody', open, anybody, undefined],
  ['adult content is not for visitors', adult, anybody, 'age'],
  ['adult content is for who accepts it', adult, { ...anybody, acceptsAdultContent: true }, undefined],
  ['a country that is allowed', onlyGermany, from('DE'), undefined],
  ['another one that is allowed', onlyGermany, from('AT'), undefined],
  ['a country that is not among the allowed', onlyGermany, from('FR'), 'country'],
  ['an unknown country is not allowed', onlyGermany, anybody, 'country'],
  ['a country that is denied', notGermany, from('DE'), 'country'],
  ['a country that is not denied', notGermany, from('FR'), undefined],
  ['an unknown country is not denied', notGermany, anybody, undefined],
  [
    'of two rules the one that nothing can be done about is told',
    { ...adult, ...onlyGermany, isAgeRestricted: true },
    from('FR'),
    'country',
  ],
  [
    'nothing stops the owner',
    { ...adult, deniedCountries: ['DE'] },
    { ...from('DE'), isPrivileged: true },
    undefined,
  ],
] as const)('%s', (_what, rules, audience, expected) => {
  expect(ruleAgainst(rules, audience)).toBe(expected)
})
