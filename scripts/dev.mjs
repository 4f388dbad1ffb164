/**
 * `npm run dev`: the server under tsx, which restarts it when its sources change, and the web app under Vite, which
 * changes it in the open page. Three accounts are made, and all addresses and logins printed.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { installPackages } from './steps/install.mjs'
import { checkNodeVersion } from './steps/node-version.mjs'
import { main, passSignalsTo, ROOT, run } from './steps/process.mjs'

/** Vite's own default, written out because the server must accept this origin. */
const WEB_PORT = 5173
const SERVER_PORT = Number(process.env.PORT || 3000)
const SERVER_URL = `http://127.0.0.1:${SERVER_PORT}`
/** The first start makes a database, which takes seconds; a server that is not there by then has failed and said why. */
const START_WITHIN_MS = 60_000
const POLL_MS = 300

checkNodeVersion()
await main(async () => {
  process.chdir(ROOT)
  await installPackages()
  const web = await serveWeb()
  const server = startServer()
  const stop = passSignalsTo(server)
  const ended = new Promise((resolve) => server.on('close', resolve))
  if (await answers(ended)) await introduce()
  await ended
  stop()
  await web.close()
  process.exit()
})

/** Requests of the API go on to the server, sockets find their own way by /api/config. */
async function serveWeb() {
  const { createServer } = await import('vite')
  const web = await createServer({
    root: join(ROOT, 'web'),
    server: { port: WEB_PORT, strictPort: true, proxy: { '/api': SERVER_URL } },
    clearScreen: false,
  })
  return web.listen()
}

function startServer() {
  const origins = [
    `http://localhost:${WEB_PORT}`,
    `http://127.0.0.1:${WEB_PORT}`,
    process.env.ALLOWED_ORIGINS,
  ]
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    PORT: String(SERVER_PORT),
    ALLOWED_ORIGINS: origins.filter(Boolean).join(','),
  }
  const args = ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', 'src/main.ts']
  return spawn(process.execPath, args, { env, stdio: 'inherit' })
}

/** True as soon as the API answers; false where the server ended before, or never came. */
async function answers(ended) {
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const deadline = Date.now() + START_WITHIN_MS
  while (!isOver && Date.now() < deadline) {
    const response = await fetch(`${SERVER_URL}/api/config`).catch(() => undefined)
    if (response?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}

async function introduce() {
  const { output } = await run(process.execPath, ['--import', 'tsx', 'scripts/seed.ts', SERVER_URL])
  process.stdout.write(`
Web app, reloading    http://localhost:${WEB_PORT}
API                   ${SERVER_URL}/api
Mails of this server  http://localhost:${WEB_PORT}/inbox
Accounts
${output}
`)
}
