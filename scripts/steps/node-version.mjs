/** Oldest Node that the libraries run on (vite 8 asks for 20.19). */
const NEEDED = [20, 19]

/** Ends the process with a sentence where Node is too old. Only syntax that old versions can read. */
export function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return
  console.error(
    `Social Flow needs Node.js ${NEEDED.join('.')} or newer; this is ${process.versions.node}. Get one from https://nodejs.org.`,
  )
  process.exit(1)
}
