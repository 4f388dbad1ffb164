import postgres from 'postgres'
import { reconnectSeconds } from './reconnect.ts'

/** A machine that vanished without closing its connection is noticed after this and three probes of as many seconds. */
const KEEPALIVE_SECONDS = 5

/**
 * One connection that stays open for as long as its process lives, for advisory locks: PostgreSQL lets go of them when it
 * ends, however it ends. `name` is shown in pg_stat_activity; `onClosed` is told
 * when the connection, and with it every lock, is lost.
 */
export const holdConnection = (url: string, name: string, onClosed = () => {}): postgres.Sql =>
  postgres(url, {
    onclose: onClosed,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
    backoff: reconnectSeconds,
    connection: {
      application_name: `social-flow ${name}`,
      tcp_keepalives_idle: KEEPALIVE_SECONDS,
      tcp_keepalives_interval: KEEPALIVE_SECONDS,
      tcp_keepalives_count: 3,
    },
  })
