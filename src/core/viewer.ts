import type { TokenScope } from './access/scopes.ts'
import type { Branded } from './ids.ts'

/** Who acts or watches: an account id, or `anon:…` for an anonymous visitor. */
export type ViewerId = Branded<string, 'ViewerId'>

export type ViewerRole = 'member' | 'moderator' | 'admin'

/** What an account may become beside its role. */
export type Upgrade = 'creator' | 'advertiser'

/** A person as every layer sees them; made from a login session or API token (HTTP) or from a socket token. */
export type Viewer = {
  id: ViewerId
  /** Absent for an anonymous visitor. */
  account?: {
    id: string
    handle: string
    displayName: string
    /** What it acts as. */
    role: ViewerRole
    /** A role of staff whose powers wait until the account has a second factor. */
    heldRole?: ViewerRole
    upgrades?: readonly Upgrade[]
    /** They may read and not act until then; null for ever. It ends by itself. */
    suspension?: { untilMs: number | null }
    /** Its owner wants it to be gone: all that is left is to take everything along, or to undo it. */
    deletion?: { eraseAtMs: number }
  }
  /** Public id of the login session or API token, for ending what belongs to it; absent for an anonymous visitor. */
  loginSessionId?: string
  /** The API token they came with, which limits what they may do. */
  token?: { scopes: readonly TokenScope[] }
  /** Of a socket: where its token was asked for, over HTTP. What its own connection tells may be a proxy's. */
  origin?: ViewerOrigin
}

/** `country` is ISO 3166-1 alpha-2; absent where no proxy tells it. */
export type ViewerOrigin = { address: string; userAgent: string; country?: string }
