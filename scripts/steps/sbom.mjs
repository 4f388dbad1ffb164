/**
 * `npm run sbom`: writes the software bill of materials (CycloneDX) of what the server runs with and of what its pages are made
 * from, as it is installed here. It is the same for the same packages: no time, no number of its own, nothing of this machine
 * or of where npm downloads.
 * Usage: node scripts/steps/sbom.mjs [FILE]   (dist/sbom.json without it)
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { main, ROOT, run, StepError } from './process.mjs'

/** What is told of a package beside its name, version, license and hash: where its authors are. */
const REFERENCES = ['website', 'vcs', 'issue-tracker']

async function writeSbom(file) {
  // `--omit=dev` leaves out what both the server and a tool need (npm 11), so what is delivered is picked here.
  const wanted = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--loglevel=error']
  const { code, output } = await run('npm', wanted)
  // npm may warn on the same stream before.
  const from = output.indexOf('{\n')
  if (code !== 0 || from < 0) throw new StepError(`npm made no list of packages:\n${output.trimEnd()}`)
  const {
    serialNumber: _serial,
    metadata,
    components,
    dependencies,
    ...rest
  } = JSON.parse(output.slice(from))
  const { timestamp: _timestamp, component, ...told } = metadata
  const { name, dependencies: ofServer } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const roots = new Set([...Object.entries(ofServer).map(nameOf), ...importsOfPages()])
  const own = component['bom-ref']
  const isDelivered = reachable(dependencies, own, (ref) => roots.has(ref.replace(/@[^@]*$/, '')))
  const document = {
    ...rest,
    metadata: { ...told, component: plain({ ...component, name }) },
    components: components.filter((each) => isDelivered(each['bom-ref'])).map(plain),
    dependencies: dependencies
      .filter(({ ref }) => ref === own || isDelivered(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isDelivered) })),
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
  process.stdout.write(`${document.components.length} packages: ${file}\n`)
}

/** The name that a package has for npm; `npm:NAME@VERSION` stands for another one than it is called here. */
const nameOf = ([name, version]) => /^npm:(.+)@[^@]+$/.exec(version)?.[1] ?? name

/** Packages that the web app and its client name; where they are no packages of ours, no list has them. */
function importsOfPages() {
  const files = ['web/src', 'client'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((file) => /\.(tsx?|css)$/.test(file) && !file.includes('.test.'))
      .map((file) => readFileSync(join(ROOT, folder, file), 'utf8')),
  )
  const named = /(?:from|import|url)\s*\(?\s*['"]((?:@[\w.-]+\/)?[\w-][\w.-]*)/g
  return files.flatMap((text) => [...text.matchAll(named)].map(([, name]) => name))
}

/** Whether something is needed, directly or by others, by those of what `own` needs that are roots. */
function reachable(dependencies, own, isRoot) {
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const found = new Set()
  const queue = (needs.get(own) ?? []).filter(isRoot)
  for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
    if (found.has(ref)) continue
    found.add(ref)
    queue.push(...(needs.get(ref) ?? []))
  }
  return (ref) => found.has(ref)
}

const plain = ({ externalReferences = [], properties: _properties, ...component }) => ({
  ...component,
  externalReferences: externalReferences.filter(({ type }) => REFERENCES.includes(type)),
})

await main(() => writeSbom(resolve(ROOT, process.argv[2] ?? 'dist/sbom.json')))
