import { randomInt, randomUUID } from 'node:crypto'
import type { RouteName } from '../../src/contract/index.ts'
import { PASSWORD } from '../support/person.ts'
import { LIBRARY } from './idor.library.ts'
import type { Subject, World } from './idor.people.ts'
import { acting, admins, all, bystander, open, owned, type Row, route, self, staff } from './idor.table.ts'

/** Has the form of a one-time token, and was never given out. */
const TOKEN = 'a-token-that-nobody-was-ever-given'
const CODE = '000000'
const reason = 'For the test'
const body = (fields: object) => () => ({ body: fields })
const ofHandle = ({ handle }: Subject) => ({ params: { handle }, query: {} })
const page = () => ({ query: {} })
const about = (subject: Subject, world: World) => ({ params: bystander(subject, world) })
const provider = () => ({ params: { provider: 'google' } })
/** Signed by nobody. */
const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', clientExtensionResults: {} }
const clientDataJSON = Buffer.from('{}').toString('base64url')
const assertion = {
  ...credential,
  response: { clientDataJSON, authenticatorData: 'AAAA', signature: 'AAAA' },
}
const registration = { ...credential, response: { clientDataJSON, attestationObject: 'AAAA' } }
const picture = (_: Subject, { picture }: World) => ({ upload: { bytes: picture, contentType: 'image/png' } })
/** Another one each time: messages to one address or number are counted, whoever asks for them. */
const mail = () => ({ email: `${randomUUID()}@example.com` })
const phone = () => ({ phone: `+4930${randomInt(1_000_000, 10_000_000)}` })

/** In the order in which they are asked; what ends sessions is last. */
export const ROUTES: Record<RouteName, Row> = {
  getConfig: { ask: route('getConfig'), expected: open() },
  me: { ask: route('me'), expected: all() },
  socketToken: { ask: route('socketToken'), expected: open() },
  register: {
    ask: route('register', () => ({
      body: { handle: `new_${randomInt(1e9)}`, displayName: 'New', password: PASSWORD, ...mail() },
    })),
    expected: all(),
  },
  verify: { ask: route('verify', body({ token: TOKEN })), expected: all('expired') },
  verifyByCode: {
    ask: route('verifyByCode', body({ phone: '+4930123456', code: CODE })),
    expected: all('expired'),
  },
  resend: { ask: route('resend', () => ({ body: mail() })), expected: all() },
  signIn: {
    ask: route('signIn', body({ email: 'nobody@example.com', password: PASSWORD })),
    expected: all('unauthenticated'),
  },
  signInByLink: { ask: route('signInByLink', body({ token: TOKEN })), expected: all('expired') },
  forgotPassword: { ask: route('forgotPassword', () => ({ body: mail() })), expected: all() },
  resetPassword: {
    ask: route('resetPassword', body({ token: TOKEN, password: PASSWORD })),
    expected: all('expired'),
  },
  confirmEmail: { ask: route('confirmEmail', body({ token: TOKEN })), expected: all('expired') },
  undoEmail: { ask: route('undoEmail', body({ token: TOKEN })), expected: all('expired') },
  confirm: { ask: route('confirm', body({ password: PASSWORD })), expected: self() },
  listSessions: { ask: route('listSessions'), expected: self() },
  endSession: {
    ask: route('endSession', ({ sessionId }) => ({ params: { id: sessionId } })),
    expected: owned('not_found'),
  },
  getContacts: { ask: route('getContacts'), expected: self() },
  changeEmail: { ask: route('changeEmail', () => ({ body: mail() })), expected: self() },
  changePhone: { ask: route('changePhone', () => ({ body: phone() })), expected: self() },
  verifyPhone: { ask: route('verifyPhone', body({ code: CODE })), expected: self('expired') },
  removePhone: { ask: route('removePhone'), expected: self() },
  setCredentials: {
    ask: route('setCredentials', body({ email: 'mine@example.com', password: PASSWORD })),
    expected: self('conflict'),
  },
  finishSignIn: {
    ask: route('finishSignIn', body({ ticket: TOKEN, proof: { method: 'totp', code: CODE } })),
    expected: all('expired'),
  },
  secondFactorPasskeyOptions: {
    ask: route('secondFactorPasskeyOptions', body({ ticket: TOKEN })),
    expected: all('expired'),
  },
  finishSignInByPasskey: {
    ask: route('finishSignInByPasskey', body({ ticket: TOKEN, response: assertion })),
    expected: all('unauthenticated'),
  },
  passkeySignInOptions: { ask: route('passkeySignInOptions'), expected: all() },
  signInByPasskey: {
    ask: route('signInByPasskey', body({ response: assertion })),
    expected: all('unauthenticated'),
  },
  secondFactors: { ask: route('secondFactors'), expected: self() },
  beginTotp: { ask: route('beginTotp'), expected: self() },
  turnTotpOn: { ask: route('turnTotpOn', body({ token: TOKEN, code: CODE })), expected: self('expired') },
  turnTotpOff: { ask: route('turnTotpOff'), expected: self() },
  renewBackupCodes: { ask: route('renewBackupCodes'), expected: self('conflict off') },
  passkeyRegistrationOptions: { ask: route('passkeyRegistrationOptions'), expected: self() },
  addPasskey: {
    ask: route('addPasskey', body({ name: 'Mine', response: registration })),
    expected: self('unauthenticated'),
  },
  renamePasskey: {
    ask: route('renamePasskey', ({ passkeyId }) => ({ params: { id: passkeyId }, body: { name: 'Mine' } })),
    expected: owned('not_found'),
  },
  removePasskey: {
    ask: route('removePasskey', ({ passkeyId }) => ({ params: { id: passkeyId } })),
    expected: owned('not_found'),
  },
  confirmByCode: {
    ask: route('confirmByCode', body({ proof: { method: 'totp', code: CODE } })),
    expected: self('unauthenticated'),
  },
  confirmPasskeyOptions: { ask: route('confirmPasskeyOptions'), expected: self() },
  confirmByPasskey: {
    ask: route('confirmByPasskey', body({ response: assertion })),
    expected: self('unauthenticated'),
  },
  oauthProviders: { ask: route('oauthProviders'), expected: all() },
  startOAuth: { ask: route('startOAuth', () => ({ ...provider(), body: {} })), expected: all('not_found') },
  finishOAuth: {
    ask: route('finishOAuth', () => ({ ...provider(), body: { code: 'x', state: TOKEN } })),
    expected: all('not_found'),
  },
  signUpByOAuth: {
    ask: route('signUpByOAuth', body({ ticket: TOKEN, handle: 'foreigner', displayName: 'New' })),
    expected: all('expired'),
  },
  connectedAccounts: { ask: route('connectedAccounts'), expected: self() },
  connectAccount: { ask: route('connectAccount', provider), expected: self('not_found') },
  disconnectAccount: { ask: route('disconnectAccount', provider), expected: self('not_found') },
  // To this machine, which is where the test runs.
  listInbox: { ask: route('listInbox'), expected: all() },
  listLive: { ask: route('listLive'), expected: all() },
  getStream: { ask: route('getStream', ofHandle), expected: all() },
  listBans: { ask: route('listBans', ofHandle), expected: owned('forbidden') },
  getProfile: { ask: route('getProfile', ofHandle), expected: all() },
  listFollowers: { ask: route('listFollowers', ofHandle), expected: all() },
  listFollowing: { ask: route('listFollowing', ofHandle), expected: all() },
  ...LIBRARY,
  getFeed: { ask: route('getFeed', page), expected: self() },
  editProfile: { ask: route('editProfile', body({ bio: 'Mine' })), expected: acting() },
  setAvatar: { ask: route('setAvatar', picture), expected: acting() },
  removeAvatar: { ask: route('removeAvatar'), expected: acting() },
  setCover: { ask: route('setCover', picture), expected: acting() },
  removeCover: { ask: route('removeCover'), expected: acting() },
  getPreferences: { ask: route('getPreferences'), expected: self() },
  setPreferences: { ask: route('setPreferences', body({ autoplay: false })), expected: acting() },
  getPrivacy: { ask: route('getPrivacy'), expected: self() },
  setPrivacy: {
    ask: route(
      'setPrivacy',
      body({ isPrivate: false, comments: 'everyone', mentions: 'everyone', messages: 'everyone' }),
    ),
    expected: self(),
  },
  listBlocks: { ask: route('listBlocks', page), expected: self() },
  listMutes: { ask: route('listMutes', page), expected: self() },
  listFollowRequests: { ask: route('listFollowRequests', page), expected: self() },
  listHidden: { ask: route('listHidden'), expected: self() },
  listTokens: { ask: route('listTokens'), expected: self() },
  createToken: {
    ask: route('createToken', body({ name: 'New', scopes: ['read'], expiresInDays: 1 })),
    expected: acting(),
  },
  revokeToken: {
    ask: route('revokeToken', ({ tokenId }) => ({ params: { tokenId } })),
    expected: owned('not_found'),
  },
  getAccountData: { ask: route('getAccountData'), expected: self() },
  askExport: { ask: route('askExport'), expected: self() },
  // An archive is named by an id that its owner alone is told; one that nobody has is as little there as somebody else's.
  downloadExport: {
    ask: route('downloadExport', () => ({ params: { exportId: randomUUID() } })),
    expected: self('not_found'),
  },
  // Nobody names themselves by another's handle, so that nothing is deleted here.
  askDeletion: { ask: route('askDeletion', body({ handle: 'not_mine' })), expected: self('invalid_input') },
  undoDeletion: { ask: route('undoDeletion'), expected: self('conflict') },
  standing: { ask: route('standing'), expected: self() },
  askUpgrade: { ask: route('askUpgrade', body({ kind: 'creator' })), expected: acting() },
  findPeople: { ask: route('findPeople', page), expected: staff() },
  getPerson: { ask: route('getPerson', about), expected: staff() },
  personHistory: {
    ask: route('personHistory', (...of) => ({ ...about(...of), query: {} })),
    expected: staff(),
  },
  pendingUpgrades: { ask: route('pendingUpgrades'), expected: admins() },
  decideUpgrade: {
    ask: route('decideUpgrade', (...of) => ({
      ...{ ...about(...of), body: { kind: 'advertiser', state: 'granted', reason } },
    })),
    expected: admins(),
  },
  auditLog: { ask: route('auditLog', page), expected: admins() },
  giveRole: {
    ask: route('giveRole', (...of) => ({ ...about(...of), body: { role: 'member', reason } })),
    expected: admins(),
  },
  sanction: {
    ask: route('sanction', (...of) => ({ ...about(...of), body: { kind: 'suspended', reason } })),
    expected: staff(),
  },
  // What the moderator has lifted, there is no more.
  liftSanction: {
    ask: route('liftSanction', (...of) => ({ ...about(...of), body: { reason } })),
    expected: staff('done', 'conflict'),
  },
  endOtherSessions: { ask: route('endOtherSessions'), expected: self() },
  changePassword: {
    ask: route('changePassword', body({ current: PASSWORD, password: PASSWORD })),
    expected: self(),
  },
  signOut: { ask: route('signOut'), expected: all() },
}
