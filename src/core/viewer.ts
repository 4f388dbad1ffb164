import type { Branded } from './ids.ts'

/** Who acts or watches: an account id, or `anon:…` for an anonymous visitor. */
export type ViewerId = Branded<string, 'ViewerId'>

export type ViewerRole = 'member' | 'moderator' | 'admin'

/** A person as every layer sees them; made from a login session (HTTP) or from a socket token. */
export type Viewer = {
  id: ViewerId
  /** Absent for an anonymous visitor. */
  account?: { id: string; handle: string; displayName: string; role: ViewerRole }
  /** Public id of the login session, for ending what belongs to it; absent for an anonymous visitor. */
  loginSessionId?: string
}
