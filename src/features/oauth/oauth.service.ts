import { randomBytes } from 'node:crypto'
import { generateCodeVerifier } from 'arctic'
import type { z } from 'zod'
import type { ConnectedAccount } from '../../contract/oauth.ts'
import { owns } from '../../core/access/permissions.ts'
import { AppError } from '../../core/errors.ts'
import { type Clock, MINUTE_MS } from '../../core/time.ts'
import type { PendingSteps } from '../../infra/access/pending-steps.ts'
import { holdLoginSession, requireAnotherWayIn } from '../../infra/access/ways-in.ts'
import type { Database } from '../../infra/db.ts'
import type { Sealing } from '../../infra/secrets/sealing.ts'
import type { AccountsService, Arrival, Asking, SignedIn } from '../accounts/accounts.service.ts'
import type { ForeignPerson } from './oauth.profiles.ts'
import type { OAuthProvider } from './oauth.providers.ts'
import * as repo from './oauth.repo.ts'

export type OAuthOutcome =
  | { outcome: 'signed_in'; signedIn: SignedIn }
  /** Nobody here is opened by this foreign account yet: a handle is to be chosen, under the ticket. */
  | { outcome: 'sign_up'; ticket: string; person: ForeignPerson }
  | { outcome: 'linked' }

/**
 * Signing in with an account elsewhere (docs/decisions/011-coming-in-from-elsewhere.md). A foreign account is known by
 * issuer and subject. An attempt is begun by one browser, named by its state, and ended once, by the same browser.
 */
export type OAuthService = {
  /** The configured ones. */
  providers(): { id: OAuthProvider['id']; name: string }[]
  /**
   * Where the browser goes; with `linkTo`, to connect what comes back with that account. Whether the session shall last
   * is asked now and holds at the end. Throws `not_found`.
   */
  start(
    provider: string,
    input: { origin: string; linkTo?: string | undefined },
    arrival: Arrival,
  ): Promise<URL>
  /**
   * Ends an attempt. `asking` is who is signed in. Throws `expired` where it is not this browser's or was ended before,
   * `unauthenticated` for an answer of the provider that can't be trusted, `second_factor_required`, and `conflict` with
   * `{ reason }`: `link_first` (an account has the address: sign in to it and connect), `taken` (opens another account).
   */
  finish(
    provider: string,
    answer: { state: string; code: string; iss?: string | undefined },
    who: { arrival: Arrival; asking: Asking | undefined },
  ): Promise<OAuthOutcome>
  /** Makes the account. Throws `expired`, or `conflict` with `{ field: 'handle' }` or a `reason` as above. */
  signUp(input: { ticket: string; handle: string; displayName: string }, arrival: Arrival): Promise<SignedIn>
  list(userId: string): Promise<z.output<typeof ConnectedAccount>[]>
  /** Throws `not_found`, or `conflict` with `{ reason: 'last_way_in' }`. */
  unlink(userId: string, provider: string): Promise<void>
}

export type OAuthDeps = {
  db: Database
  accounts: Pick<AccountsService, 'signedIn' | 'begin' | 'create' | 'hasEmail'>
  providers: readonly OAuthProvider[]
  pending: PendingSteps
  sealing: Sealing
  clock: Clock
}

/** Signing in there may take a password and a second factor. */
const ATTEMPT_LIFE_MS = 15 * MINUTE_MS
/** Time to think of a name. */
const SIGN_UP_LIFE_MS = 30 * MINUTE_MS
const NONCE_BYTES = 16

/** What is kept of an attempt; the verifier of PKCE is sealed. */
type Kept = Wish & { provider: string; verifier: string; nonce: string; redirectUri: string; isLink: boolean }
/** What a person who chooses a handle now comes with. */
type KeptPerson = Wish & { person: ForeignPerson; provider: string }
type Wish = Pick<Arrival, 'isLasting'>

const wishIn = ({ isLasting }: Wish): Wish => (isLasting === undefined ? {} : { isLasting })

export function createOAuth(deps: OAuthDeps): OAuthService {
  const { db, pending } = deps
  return {
    providers: () => deps.providers.map(({ id, name }) => ({ id, name })),
    start: (provider, input, arrival) => start(deps, provider, input, arrival),
    finish: (provider, answer, who) => finish(deps, provider, answer, who),
    async signUp({ ticket, handle, displayName }, arrival) {
      const key = { kind: 'oauth_sign_up', token: ticket, browser: arrival.browser } as const
      const { userId, wish } = await db.withTx(async (tx) => {
        // A handle that is taken rolls this back too, so the ticket stays good for another try.
        const step = await pending.take(tx, key)
        if (!step) throw new AppError('expired')
        const { person, provider, ...kept } = step.data as KeptPerson
        const made = await deps.accounts.create(tx, { handle, displayName, email: person.email })
        if (!(await repo.insertLink(tx, linkOf(person, provider, made, deps.clock)))) throw taken()
        return { userId: made, wish: wishIn(kept) }
      })
      return await deps.accounts.signedIn(userId, { ...arrival, ...wish })
    },
    async list(userId) {
      const rows = await repo.listLinks(db.orm, userId)
      return rows.map(({ provider, name, email, createdAt }) => ({
        provider: provider as OAuthProvider['id'],
        name: name ?? email,
        connectedAt: createdAt.getTime(),
      }))
    },
    unlink: (userId, provider) =>
      db.withTx(async (tx) => {
        await requireAnotherWayIn(tx, userId)
        if (!(await repo.deleteLink(tx, userId, provider))) throw new AppError('not_found')
      }),
  }
}

function providerOf({ providers }: OAuthDeps, id: string): OAuthProvider {
  const provider = providers.find((one) => one.id === id)
  if (!provider) throw new AppError('not_found', 'This way to sign in is not set up here.')
  return provider
}

async function start(
  deps: OAuthDeps,
  id: string,
  { origin, linkTo }: { origin: string; linkTo?: string | undefined },
  { browser, ...wish }: Arrival,
): Promise<URL> {
  const provider = providerOf(deps, id)
  const verifier = generateCodeVerifier()
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  const redirectUri = `${origin}/oauth/${id}`
  const kept: Kept = {
    verifier: await deps.sealing.seal(verifier, `oauth:${id}`),
    ...{ provider: id, nonce, redirectUri, isLink: linkTo !== undefined, ...wishIn(wish) },
  }
  const state = await deps.pending.begin({
    ...{ kind: 'oauth', browser, data: kept, lifeMs: ATTEMPT_LIFE_MS },
    ...(linkTo !== undefined && { userId: linkTo }),
  })
  return await provider.authorizationUrl({ state, verifier, nonce, redirectUri })
}

async function finish(
  deps: OAuthDeps,
  id: string,
  { state, code, iss }: { state: string; code: string; iss?: string | undefined },
  { arrival, asking }: { arrival: Arrival; asking: Asking | undefined },
): Promise<OAuthOutcome> {
  const provider = providerOf(deps, id)
  const key = { kind: 'oauth', token: state, browser: arrival.browser } as const
  // Used up before anything else, whatever comes of it: the same answer never counts twice.
  const step = await deps.db.withTx((tx) => deps.pending.take(tx, key))
  const kept = step?.data as Kept | undefined
  if (!kept || kept.provider !== id) throw new AppError('expired')
  if (kept.isLink && (asking === undefined || step?.userId !== asking.userId)) throw new AppError('expired')
  const verifier = await deps.sealing.open(kept.verifier, `oauth:${id}`)
  const { nonce, redirectUri } = kept
  const person = await provider.person({ code, verifier, nonce, redirectUri, iss })
  if (kept.isLink && asking !== undefined) return await link(deps, id, person, asking)
  return await signIn(deps, id, person, { ...arrival, ...wishIn(kept) })
}

async function link(
  { db, clock }: OAuthDeps,
  provider: string,
  person: ForeignPerson,
  { userId, publicId }: Asking,
): Promise<OAuthOutcome> {
  const isMade = await db.withTx(async (tx) => {
    await holdLoginSession(tx, publicId)
    return await repo.insertLink(tx, linkOf(person, provider, userId, clock))
  })
  // Connecting what is connected already changes nothing.
  const ownerId = isMade ? userId : (await repo.findOwner(db.orm, person.issuer, person.subject))?.userId
  if (owns({ id: userId }, { ownerId })) return { outcome: 'linked' }
  throw taken()
}

async function signIn(
  { db, accounts, pending, clock }: OAuthDeps,
  provider: string,
  person: ForeignPerson,
  arrival: Arrival,
): Promise<OAuthOutcome> {
  const owner = await repo.findOwner(db.orm, person.issuer, person.subject)
  if (owner !== undefined) {
    await repo.noteUse(db.orm, person.issuer, person.subject, new Date(clock.nowMs()))
    const { userId, passwordVersion } = owner
    return { outcome: 'signed_in', signedIn: await accounts.signedIn(userId, arrival, passwordVersion) }
  }
  // The address is the person's, but that does not make the account theirs: its owner proves that by signing in.
  if (person.email !== undefined && (await accounts.hasEmail(person.email)))
    throw new AppError(
      'conflict',
      'There is an account with this mail address. Sign in to it as usual, then connect this one in its settings.',
      { reason: 'link_first' },
    )
  const data: KeptPerson = { person, provider, ...wishIn(arrival) }
  const { browser } = arrival
  const ticket = await pending.begin({ kind: 'oauth_sign_up', browser, data, lifeMs: SIGN_UP_LIFE_MS })
  return { outcome: 'sign_up', ticket, person }
}

const linkOf = (person: ForeignPerson, provider: string, userId: string, clock: Clock) => ({
  ...{ issuer: person.issuer, subject: person.subject, userId, provider },
  ...{ name: person.handle ?? person.name ?? null, email: person.email ?? null },
  lastUsedAt: new Date(clock.nowMs()),
})

const taken = () =>
  new AppError('conflict', 'It is connected with another account, or you have another one connected.', {
    reason: 'taken',
  })
