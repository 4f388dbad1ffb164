/**
 * `npm start`: from a bare clone to a running server. Installs packages and builds where something changed, then runs
 * the server in this same process, so that Ctrl-C and SIGTERM reach it directly. Needs nothing but Node and npm; ffmpeg,
 * for videos, is installed where root may.
 */
import { checkNodeVersion } from './steps/node-version.mjs'

const HELP = `Usage: npm start [-- --lan --no-apt]

  --lan    Speak HTTPS under a certificate made for the addresses of this machine, so that a phone in the same
           network can open the camera. It is kept in DATA_DIR/tls; the browser warns once, since nobody signed it.
  --no-apt Do not install ffmpeg; root on a machine with apt does otherwise, where there is none.
  --help   Show this.

Settings are environment variables; README.md lists them, and none is needed.
`

checkNodeVersion()
const args = process.argv.slice(2)
const unknown = args.filter((arg) => !['--lan', '--no-apt', '--help'].includes(arg))
if (unknown.length > 0) {
  process.stderr.write(`There is no option ${unknown.join(' ')}.\n\n${HELP}`)
  process.exitCode = 1
} else if (args.includes('--help')) process.stdout.write(HELP)
else void start()

// No top-level await and no further static imports: an old Node must get as far as the version check.
async function start() {
  const { main, ROOT } = await import('./steps/process.mjs')
  await main(async () => {
    process.chdir(ROOT)
    const { installPackages } = await import('./steps/install.mjs')
    await installPackages()
    if (!args.includes('--no-apt')) {
      const { installFfmpeg } = await import('./steps/ffmpeg.mjs')
      await installFfmpeg()
    }
    const { buildWhatChanged } = await import('./build.mjs')
    await buildWhatChanged()
    if (args.includes('--lan')) {
      const { prepareLanCertificate } = await import('./steps/certificate.mjs')
      await prepareLanCertificate()
    }
    process.setSourceMapsEnabled(true)
    await import('../dist/server/main.js')
  })
}
