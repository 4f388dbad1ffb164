type Fields = Readonly<Record<string, unknown>>

/** Structured log: fields first, then one sentence. pino satisfies it. */
export type Logger = {
  debug(fields: Fields, message: string): void
  info(fields: Fields, message: string): void
  warn(fields: Fields, message: string): void
  error(fields: Fields, message: string): void
  child(fields: Fields): Logger
}
