import { z } from 'zod'
import { misfitting } from './oauth.requests.ts'

/** A person as a provider knows them. Known again by issuer and subject; the rest are suggestions. */
export type ForeignPerson = {
  issuer: string
  subject: string
  name?: string | undefined
  /** What they are called there in addresses. */
  handle?: string | undefined
  /** In lower case, and only where the provider says that it verified it: an address that anybody can claim is worth nothing. */
  email?: string | undefined
}

const Email = z.string().trim().toLowerCase().max(254).pipe(z.email())
const verifiedEmail = (email: unknown, isVerified: unknown): string | undefined =>
  isVerified === true ? Email.safeParse(email).data : undefined

const text = z.string().trim().min(1).max(200).optional().catch(undefined)
/** Numbers too, as GitHub has them. */
const Subject = z.union([z.string().min(1).max(255), z.int().transform(String)])

/** Throws `unauthenticated` where it does not say who the person is. */
function fitted<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const parsed = schema.safeParse(answer)
  if (!parsed.success) throw misfitting(parsed.error)
  return parsed.data
}

const OidcClaims = z.object({
  sub: Subject,
  name: text,
  preferred_username: text,
  email: z.unknown().optional(),
  email_verified: z.unknown().optional(),
})

/** Claims of an id token, or of the userinfo endpoint (OpenID Connect Core, 5.1). */
export function oidcPerson(issuer: string, claims: unknown): ForeignPerson {
  const { sub, name, preferred_username, email, email_verified } = fitted(OidcClaims, claims)
  const isVerified = email_verified === true || email_verified === 'true'
  return { issuer, subject: sub, name, handle: preferred_username, email: verifiedEmail(email, isVerified) }
}

const GitHubUser = z.object({ id: Subject, login: text, name: text })
const GitHubEmails = z
  .array(
    z.object({
      email: z.unknown().optional(),
      primary: z.unknown().optional(),
      verified: z.unknown().optional(),
    }),
  )
  .catch([])

/** Answers of `GET /user` and `GET /user/emails`. */
export function gitHubPerson(user: unknown, emails: unknown): ForeignPerson {
  const { id, login, name } = fitted(GitHubUser, user)
  const primary = GitHubEmails.parse(emails).find((entry) => entry.primary === true)
  return {
    issuer: 'https://github.com',
    subject: id,
    name,
    handle: login,
    email: verifiedEmail(primary?.email, primary?.verified),
  }
}

const TwitterUser = z.object({ data: z.object({ id: Subject, name: text, username: text }) })

/** Answer of `GET /2/users/me`, which has no mail address. */
export function twitterPerson(user: unknown): ForeignPerson {
  const { id, name, username } = fitted(TwitterUser, user).data
  return { issuer: 'https://x.com', subject: id, name, handle: username }
}

const FacebookUser = z.object({ id: Subject, name: text })

/** Answer of `GET /me?fields=id,name`. Facebook does not say whether an address is verified, so it is not asked for one. */
export function facebookPerson(user: unknown): ForeignPerson {
  const { id, name } = fitted(FacebookUser, user)
  return { issuer: 'https://www.facebook.com', subject: id, name }
}
