import { pino } from 'pino'
import type { Config } from '../../config.ts'
import type { Logger } from '../../core/log.ts'

/** Structured log on standard output; fields named here never show their value. */
export function createLog(config: Pick<Config, 'LOG_LEVEL'>): Logger {
  return pino({
    level: config.LOG_LEVEL,
    base: null,
    redact: [
      'password',
      'token',
      'bearer',
      '*.password',
      '*.token',
      '*.bearer',
      'headers.authorization',
      'headers.cookie',
    ],
    // Errors under `error` are written with message, stack and cause, as pino does for `err`.
    serializers: { error: pino.stdSerializers.errWithCause },
  })
}
