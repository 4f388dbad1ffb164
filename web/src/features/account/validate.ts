import { account } from '../../text/account.ts'

/** The server's own rules (src/contract/accounts.ts), told before the form is sent; the server's word is final. */
const HANDLE = /^[a-z0-9][a-z0-9_]{1,22}[a-z0-9]$/
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const PASSWORD_MIN = 10

export const handleProblem = (handle: string): string | undefined =>
  HANDLE.test(cleanHandle(handle)) ? undefined : account('handleRule')

const PHONE = /^\+[1-9]\d{6,14}$/

/** What an account is named by when somebody comes in: one of the two. */
export type Contact = { email: string } | { phone: string }

/** A mail address or a telephone number in what somebody typed; undefined where it is neither. */
export function contactIn(text: string): Contact | undefined {
  const plain = text.trim()
  if (EMAIL.test(plain)) return { email: plain }
  const digits = plain.replace(/[\s()./-]/g, '').replace(/^00/, '+')
  return PHONE.test(digits) ? { phone: digits } : undefined
}

export const phoneProblem = (phone: string): string | undefined => {
  const contact = contactIn(phone)
  return contact && 'phone' in contact ? undefined : account('phoneRule')
}
export const codeProblem = (code: string): string | undefined =>
  /^\d{6}$/.test(code.trim()) ? undefined : account('codeRule')

type SignUpInput = { displayName: string; handle: string; contact: string; password: string }
type Problems<Input> = Partial<Record<keyof Input, string>>

export const emailProblem = (email: string): string | undefined =>
  EMAIL.test(email.trim()) ? undefined : account('emailRule')
export const passwordProblem = (password: string): string | undefined =>
  password.length >= PASSWORD_MIN ? undefined : account('passwordRule')

/** One sentence per field that is not right yet. */
export function signUpProblems(input: SignUpInput, kind: 'email' | 'phone'): Problems<SignUpInput> {
  return withoutEmpty({
    displayName: input.displayName.trim() ? undefined : account('nameRule'),
    handle: handleProblem(input.handle),
    contact: kind === 'email' ? emailProblem(input.contact) : phoneProblem(input.contact),
    password: passwordProblem(input.password),
  })
}

/** What the server makes of a handle: trimmed and in lower case. */
export const cleanHandle = (handle: string): string => handle.trim().toLowerCase()

/** A handle to begin with, made from a name; empty where nothing of the name can be used. */
export function suggestHandle(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 24)
    .replace(/^_+|_+$/g, '')
  return HANDLE.test(plain) ? plain : ''
}

/** Leaves out the fields that have no problem. */
export function withoutEmpty<T extends string>(
  problems: Record<T, string | undefined>,
): Partial<Record<T, string>> {
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem)) as Partial<
    Record<T, string>
  >
}
