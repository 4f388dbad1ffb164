/** Texts to telephones: nothing that somebody typed goes into them, and each fits into one or two parts of 160 characters. */

export const codeText = (code: string): string =>
  `${code} is your Social Flow code. It holds for 10 minutes. We never ask for it by telephone.`

export const inUseText = (url: string): string =>
  `Somebody tried to use this number at Social Flow. You already have an account with it: ${url} – if it was not you, there is nothing to do.`

export const resetText = (url: string): string =>
  `Set a new Social Flow password within the hour: ${url} – if you did not ask for it, ignore this.`
