import { AppError } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import { SECOND_MS } from '../../src/core/time.ts'
import type { Viewer } from '../../src/core/viewer.ts'
import {
  type AccountRights,
  type AccountRightsReader,
  withRights,
} from '../../src/infra/access/rights/account-rights.ts'
import type { RedisLink } from '../../src/infra/redis/client.ts'
import type { Session, Sessions } from '../session.ts'

/** `reading`: they changed, and how they are now is not known yet. */
type Entry = { rights: AccountRights | 'gone' | 'reading'; untilMs: number }

type Deps = {
  read: AccountRightsReader
  sessions: Pick<Sessions, 'of' | 'all'>
  /** What joins this gateway to others; undefined where it is alone. */
  link: Pick<RedisLink, 'onUp' | 'onDown'> | undefined
  tokenLifeMs: number
  /** Not moved by setting the clock. */
  nowMs: () => number
  log: Logger
}

/** A database that was away for a moment is asked again before anybody notices. */
const RETRY_MS = 250
/** A request that was under way when rights changed signs its token within this, by a clock that may be ahead as far. */
const SIGNING_MS = 45 * SECOND_MS
/** As often while nothing is heard of changes. */
const LOOK_MS = SECOND_MS
/** Accounts whose rights are read at once: far below the 65 535 parameters that a statement may have. */
const LOOK_ROWS = 5000

/**
 * Rights of accounts on open sockets. A socket goes by its token, and that by what the database said when it was signed. Where
 * the rights of an account change, its sockets here are closed and come back; as long as older tokens may be good, who
 * comes back is given the rights that the database has since then. So of a change and a handshake that race, the change
 * stands. Times are judged with every act: a suspension ends without an event.
 */
export function createRightsOfSockets({ read, sessions, link, tokenLifeMs, nowMs, log }: Deps) {
  const entries = new Map<string, Entry>()
  let isLooking = false

  function keep(accountId: string, rights: Entry['rights']): void {
    for (const [id, { untilMs }] of entries) {
      // Oldest first: every entry lives equally long from the last change of its account on.
      if (untilMs > nowMs()) break
      entries.delete(id)
    }
    entries.delete(accountId)
    entries.set(accountId, { rights, untilMs: nowMs() + SIGNING_MS + tokenLifeMs })
  }

  function changed(accountId: string): void {
    keep(accountId, 'reading')
    const reading = entries.get(accountId)
    for (const session of [...sessions.of(accountId)]) end(session)
    const learn = async () => {
      try {
        const found = await read([accountId])
        // Of two changes the later reads for both.
        if (entries.get(accountId) === reading) keep(accountId, found.get(accountId) ?? 'gone')
      } catch (error) {
        log.warn({ accountId, error }, 'The rights of an account could not be read; it is tried again')
        setTimeout(() => void learn(), RETRY_MS)
      }
    }
    void learn()
  }

  /** The viewer with the rights of now; throws `unavailable` while they are being read, `token_expired` for who is out. */
  function apply(viewer: Viewer): Viewer {
    const { account } = viewer
    const entry = account && entries.get(account.id)
    if (!account || !entry || entry.untilMs <= nowMs()) return viewer
    const { rights } = entry
    if (rights === 'reading') throw new AppError('unavailable')
    if (rights === 'gone' || rights.sanction?.kind === 'banned') throw new AppError('token_expired')
    return { ...viewer, account: withRights(account, rights) }
  }

  /** While Redis is away this node hears of no change, so it compares everybody again and again. */
  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      const here = [...sessions.all()].flatMap(({ viewer }) => viewer.account ?? [])
      for (let at = 0; at < here.length; at += LOOK_ROWS) {
        const some = here.slice(at, at + LOOK_ROWS)
        const found = await read([...new Set(some.map(({ id }) => id))])
        for (const account of some) if (!isSame(account, found.get(account.id))) changed(account.id)
      }
    } catch {
      // What can not be judged now is judged at the next look.
    } finally {
      isLooking = false
    }
  }

  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const unfollowDown = link?.onDown(() => {
    timer ??= setInterval(() => void look(), LOOK_MS)
  })
  const unfollowUp = link?.onUp(() => {
    stop()
    // Once more: a Redis that came back with an older snapshot has forgotten some changes.
    void look()
  })

  return {
    changed,
    apply,
    /** Whether what a socket was admitted with still holds. */
    isCurrent({ viewer }: Pick<Session, 'viewer'>): boolean {
      try {
        return viewer.account === undefined || JSON.stringify(apply(viewer)) === JSON.stringify(viewer)
      } catch {
        return false
      }
    },
    stop(): void {
      stop()
      unfollowDown?.()
      unfollowUp?.()
    },
  }
}

function end({ socket }: Session): void {
  socket.emit('session:ended', { code: 'rights_changed', reconnect: true })
  socket.disconnect(true)
}

type Account = NonNullable<Viewer['account']>

function isSame(account: Account, rights: AccountRights | undefined): boolean {
  if (!rights || rights.sanction?.kind === 'banned') return false
  return (
    JSON.stringify(withRights(account, rights)) === JSON.stringify(withRights(account, rightsOf(account)))
  )
}

const rightsOf = ({
  role,
  heldRole,
  upgrades = [],
  suspension,
  deletion,
}: Account): Omit<AccountRights, 'id'> => ({
  ...{ role, heldRole, upgrades: [...upgrades] },
  sanction: suspension && { kind: 'suspended', reason: '', untilMs: suspension.untilMs },
  deletion,
})
