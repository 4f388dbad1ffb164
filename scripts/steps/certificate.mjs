import { X509Certificate } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join, resolve } from 'node:path'
import { run, StepError } from './process.mjs'

/** Browsers refuse server certificates that are valid for longer (CA/Browser Forum, ballot SC22). */
const VALID_DAYS = 397
/** A certificate that ends sooner is made anew at the next start. */
const RENEW_BEFORE_MS = 7 * 24 * 3_600_000

/**
 * Makes both listeners speak HTTPS, by setting TLS_CERT_FILE and TLS_KEY_FILE, under a self-signed certificate in
 * DATA_DIR/tls for all names and addresses of this machine. An address that is new since then gets a new certificate.
 */
export async function prepareLanCertificate() {
  if (process.env.TLS_CERT_FILE) return
  const dir = resolve(process.env.DATA_DIR || './data', 'tls')
  const names = localNames()
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem'), names: join(dir, 'names') }
  if (!isUsable(files, names)) await makeCertificate(dir, files, names)
  process.env.TLS_CERT_FILE = files.cert
  process.env.TLS_KEY_FILE = files.key
  process.stderr.write(
    `HTTPS under a certificate of this machine alone: accept it once in each browser.\nIts SHA-256 fingerprint: ${fingerprintOf(files.cert)}\n`,
  )
}

const fingerprintOf = (file) => new X509Certificate(readFileSync(file)).fingerprint256

function localNames() {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter(({ scopeid }) => !scopeid)
    .map(({ address }) => `IP:${address}`)
  const names = new Set(['localhost', hostname(), `${hostname()}.local`])
  return [...[...names].map((name) => `DNS:${name}`), ...new Set(addresses)].sort().join(',')
}

function isUsable(files, names) {
  if (!Object.values(files).every((file) => existsSync(file))) return false
  if (readFileSync(files.names, 'utf8') !== names) return false
  const { validTo } = new X509Certificate(readFileSync(files.cert))
  return Date.parse(validTo) - Date.now() > RENEW_BEFORE_MS
}

async function makeCertificate(dir, files, names) {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const subject = ['-subj', '/CN=Social Flow (this machine)', '-addext', `subjectAltName=${names}`]
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.key]
  const usage = ['-addext', 'extendedKeyUsage=serverAuth', '-addext', 'basicConstraints=critical,CA:FALSE']
  const args = ['req', '-x509', ...key, '-out', files.cert, '-days', String(VALID_DAYS), ...subject, ...usage]
  const { code, output } = await run('openssl', args).catch(() => ({
    code: 127,
    output: 'openssl was not found.',
  }))
  if (code !== 0) {
    throw new StepError(
      `--lan could not make a certificate: ${output.trim()}\nInstall openssl, or set TLS_CERT_FILE and TLS_KEY_FILE to PEM files of your own (mkcert makes some).`,
    )
  }
  chmodSync(files.key, 0o600)
  writeFileSync(files.names, names)
}
