/**
 * Makes the accounts of development: alice, bob and carol. Works through the HTTP API of a running server, as a
 * person would, so it needs the development inbox (a server without SMTP_URL, asked from its own machine).
 * Usage: tsx scripts/seed.ts http://127.0.0.1:3000
 */
import { createApi } from '../client/http.ts'
import { CallError } from '../client/types.ts'

/** Known to everybody; `npm run dev` is for one's own machine. */
const PASSWORD = 'correct horse'
const NAMES = ['Alice', 'Bob', 'Carol']

type SeedAccount = { displayName: string; handle: string; email: string; password: string }

const api = createApi({ baseUrl: process.argv[2] ?? 'http://127.0.0.1:3000' })

async function seed(): Promise<void> {
  for (const displayName of NAMES) {
    const handle = displayName.toLowerCase()
    const account = { displayName, handle, email: `${handle}@example.com`, password: PASSWORD }
    if (!(await canSignIn(account))) await register(account)
    console.log(`  ${account.email}   password: ${account.password}`)
  }
}

async function canSignIn({ email, password }: SeedAccount): Promise<boolean> {
  try {
    await api.request('post /api/auth/sign-in', { body: { email, password, session: 'bearer' } })
    return true
  } catch (error) {
    // `forbidden`: the address was not verified yet; registering again sends a new link.
    if (error instanceof CallError && ['unauthenticated', 'forbidden'].includes(error.code)) return false
    throw error
  }
}

async function register(account: SeedAccount): Promise<void> {
  await api.request('post /api/auth/register', { body: account })
  const token = await tokenMailedTo(account.email)
  await api.request('post /api/auth/verify', { body: { token, session: 'bearer' } })
}

/** Mails are sent by a job, so one may take a moment to arrive. */
async function tokenMailedTo(email: string): Promise<string> {
  const POLLS = 50
  const POLL_MS = 200
  for (let poll = 0; poll < POLLS; poll++) {
    const { mails } = await api.request('get /api/dev/inbox')
    const token = mails.find((mail) => mail.to === email)?.text.match(/token=([\w.~-]+)/)?.[1]
    if (token) return token
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`No mail for ${email} came into the development inbox.`)
}

await seed()
