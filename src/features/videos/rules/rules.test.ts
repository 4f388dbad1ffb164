import { expect, test } from 'vitest'
import { ruleAgainst } from './rules.ts'

const open = {
  visibility: 'public' as const,
  isAgeRestricted: false,
  allowedCountries: [],
  deniedCountries: [],
}
const adult = { ...open, isAgeRestricted: true }
const onlyGermany = { ...open, allowedCountries: ['DE', 'AT'] }
const notGermany = { ...open, deniedCountries: ['DE'] }
const anybody = { isPrivileged: false, acceptsAdultContent: false, hasPaid: false, country: undefined }
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
    'what is for subscribers is not for others',
    { ...open, visibility: 'subscribers' },
    anybody,
    'subscribers',
  ],
  ['what is sold is not for who has not bought it', { ...open, visibility: 'paid' }, anybody, 'paid'],
  ['what is sold is for who has', { ...open, visibility: 'paid' }, { ...anybody, hasPaid: true }, undefined],
  ['paying makes nobody older', { ...adult, visibility: 'paid' }, { ...anybody, hasPaid: true }, 'age'],
  [
    'nor is it asked for where it would open nothing',
    { ...notGermany, visibility: 'paid' },
    from('DE'),
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
