import { describe, expect, it } from 'vitest'
import { facebookPerson, gitHubPerson, oidcPerson, twitterPerson } from './oauth.profiles.ts'

const ISSUER = 'https://id.example'

describe('a person at a provider', () => {
  it('has a mail address only where the provider verified it', () => {
    const claims = { sub: '1', email: 'Ada@Example.com' }
    expect(oidcPerson(ISSUER, { ...claims, email_verified: true }).email).toBe('ada@example.com')
    expect(oidcPerson(ISSUER, { ...claims, email_verified: 'true' }).email).toBe('ada@example.com')
    for (const email_verified of [false, 'false', undefined, null, 1, 'yes'])
      expect(oidcPerson(ISSUER, { ...claims, email_verified }).email, String(email_verified)).toBeUndefined()
    expect(oidcPerson(ISSUER, { sub: '1', email: 'nonsense', email_verified: true }).email).toBeUndefined()
  })

  it('is known by the subject, and one without is refused', () => {
    expect(oidcPerson(ISSUER, { sub: 'abc', name: 'Ada', preferred_username: 'ada' })).toEqual({
      ...{ issuer: ISSUER, subject: 'abc', name: 'Ada', handle: 'ada', email: undefined },
    })
    for (const claims of [{}, { sub: '' }, { sub: 'x'.repeat(300) }, null, 'ada'])
      expect(() => oidcPerson(ISSUER, claims)).toThrow()
  })

  it('of GitHub has the primary address, if that one is verified', () => {
    const user = { id: 583_231, login: 'octocat', name: 'The Octocat' }
    const second = { email: 'b@example.com', primary: false, verified: true }
    const primary = { email: 'A@example.com', primary: true, verified: true }
    expect(gitHubPerson(user, [second, primary])).toEqual({
      ...{ issuer: 'https://github.com', subject: '583231', name: 'The Octocat', handle: 'octocat' },
      email: 'a@example.com',
    })
    expect(gitHubPerson(user, [second, { ...primary, verified: false }]).email).toBeUndefined()
    expect(gitHubPerson({ ...user, name: null }, { message: 'Not Found' })).toMatchObject({
      name: undefined,
      email: undefined,
    })
  })

  it('of X and of Facebook has none', () => {
    expect(twitterPerson({ data: { id: '2244994945', name: 'X Dev', username: 'XDevelopers' } })).toEqual({
      issuer: 'https://x.com',
      subject: '2244994945',
      name: 'X Dev',
      handle: 'XDevelopers',
    })
    expect(facebookPerson({ id: '10', name: 'Ada', email: 'ada@example.com', email_verified: true })).toEqual(
      { issuer: 'https://www.facebook.com', subject: '10', name: 'Ada' },
    )
    expect(() => twitterPerson({ errors: [{ title: 'Unauthorized' }] })).toThrow()
    expect(() => facebookPerson({ error: { code: 190 } })).toThrow()
  })
})
