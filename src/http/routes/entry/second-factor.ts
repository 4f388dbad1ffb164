import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { secondFactor as contract } from '../../../contract/second-factor.ts'
import { AppError } from '../../../core/errors.ts'
import type { PasskeysService, Place } from '../../../features/second-factor/passkeys.service.ts'
import type { SecondFactorService } from '../../../features/second-factor/second-factor.service.ts'
import { type ArrivalDeps, arrivalOf, handOver } from '../../arrival.ts'
import type { RouteHandlers, RouteRequest } from '../../route.ts'
import type { BrowserKeys } from './browser-key.ts'

type Deps = ArrivalDeps & {
  secondFactor: SecondFactorService
  passkeys: PasskeysService
  browserKeys: BrowserKeys
  /** Origin of the page that asks, which passkeys are bound to. */
  linkOrigin: (origin: string | undefined, host: string | undefined) => string
}
type Request = Pick<RouteRequest, 'header' | 'setCookie' | 'visitor'>

export function secondFactorRoutes(deps: Deps): RouteHandlers<typeof contract.routes> {
  const { secondFactor, passkeys, browserKeys } = deps
  const beginAt = (request: Request) => placeOf(deps, request, browserKeys.begin(request))
  const endAt = (request: Request) => placeOf(deps, request, browserKeys.find(request))
  return {
    async finishSignIn(request) {
      const { ticket, proof, session } = request.body
      const browser = session === 'cookie' ? browserKeys.find(request) : undefined
      const arrival = arrivalOf(deps, request, { browser })
      return await handOver(deps, request, session, await secondFactor.signIn({ ticket, proof }, arrival))
    },
    secondFactorPasskeyOptions: async (request) =>
      wired(await passkeys.secondFactorOptions(request.body.ticket, endAt(request))),
    async finishSignInByPasskey(request) {
      const { ticket } = request.body
      const response = request.body.response as AuthenticationResponseJSON
      const signedIn = await passkeys.secondFactor({ ticket, response }, endAt(request))
      return await handOver(deps, request, 'cookie', signedIn)
    },
    passkeySignInOptions: async (request) => wired(await passkeys.signInOptions(beginAt(request))),
    async signInByPasskey(request) {
      const response = request.body.response as AuthenticationResponseJSON
      const { site, arrival } = endAt(request)
      const place = { site, arrival: { ...arrival, isLasting: request.body.remember } }
      return await handOver(deps, request, 'cookie', await passkeys.signIn(response, place))
    },
    async secondFactors({ visitor }) {
      const { userId } = sessionOf(visitor)
      const isPasswordEnough = !(await secondFactor.isOn(userId))
      const status = await secondFactor.status(userId)
      return { ...status, isPasswordEnough, passkeys: await passkeys.list(userId) }
    },
    beginTotp: ({ visitor }) => secondFactor.begin(sessionOf(visitor).userId),
    turnTotpOn: async ({ visitor, body }) => ({
      backupCodes: await secondFactor.turnOn(sessionOf(visitor).userId, body),
    }),
    async turnTotpOff({ visitor }) {
      await secondFactor.turnOff(sessionOf(visitor).userId)
      return {}
    },
    renewBackupCodes: async ({ visitor }) => ({
      backupCodes: await secondFactor.renewBackupCodes(sessionOf(visitor).userId),
    }),
    passkeyRegistrationOptions: async (request) =>
      wired(await passkeys.registrationOptions(sessionOf(request.visitor).userId, beginAt(request))),
    async addPasskey(request) {
      const { name } = request.body
      const response = request.body.response as RegistrationResponseJSON
      const { userId } = sessionOf(request.visitor)
      return { passkey: await passkeys.register(userId, { name, response }, endAt(request)) }
    },
    renamePasskey: async ({ visitor, params, body }) => ({
      passkey: await passkeys.rename(sessionOf(visitor).userId, params.id, body.name),
    }),
    async removePasskey({ visitor, params }) {
      await passkeys.remove(sessionOf(visitor).userId, params.id)
      return {}
    },
    async confirmByCode({ visitor, body }) {
      await secondFactor.confirm(sessionOf(visitor), body.proof)
      return {}
    },
    confirmPasskeyOptions: async (request) =>
      wired(await passkeys.confirmOptions(sessionOf(request.visitor).userId, beginAt(request))),
    async confirmByPasskey(request) {
      const response = request.body.response as AuthenticationResponseJSON
      await passkeys.confirm(sessionOf(request.visitor), response, endAt(request))
      return {}
    },
  }
}

function placeOf(deps: Deps, request: Request, browser: string): Place {
  const origin = deps.linkOrigin(request.header('origin'), request.header('host'))
  const arrival = arrivalOf(deps, request, { browser })
  return { site: { origin, id: new URL(origin).hostname }, arrival }
}

/** The library's types name every field that there may be; the contract leaves them to the browser's own interface. */
const wired = ({ challenge, ...rest }: { challenge: string }) => ({ options: { challenge, ...rest } })

function sessionOf(visitor: RouteRequest['visitor']) {
  if (!visitor.session) throw new AppError('unauthenticated')
  return visitor.session
}
