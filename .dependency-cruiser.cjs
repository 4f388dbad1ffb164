/** Who may import whom: the table of STYLE.md. A layer that has no line here may import everything. */
const OURS = '^(src|realtime|media|drizzle|client|web|test|scripts)/'
const UNIT_TEST = '\\.test\\.tsx?$'

/** Files under `from` may import nothing of ours but themselves and `allowed`. */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: UNIT_TEST },
  to: { path: OURS, pathNot: [from, ...allowed] },
})

const CORE = '^src/core/'
const CONTRACT = '^src/contract/'
const INFRA = '^src/infra/'
const CONFIG = '^src/config(\\.providers|\\.videos)?\\.ts$'
const DRIZZLE = '^drizzle/'
const SERVICES = '^src/features/[^.]+\\.service\\.ts$'

module.exports = {
  forbidden: [
    only('core-is-a-leaf', CORE),
    only('contract-needs-only-core', CONTRACT, CORE),
    only('drizzle-needs-only-core', DRIZZLE, CORE),
    only('config-is-a-leaf', CONFIG, CORE),
    only('infra-knows-no-feature', INFRA, CORE, CONFIG, DRIZZLE),
    {
      ...only('features', '^src/features/([^/]+)/'),
      to: { path: OURS, pathNot: ['^src/features/$1/', SERVICES, CORE, CONTRACT, INFRA, DRIZZLE] },
    },
    only('http-speaks-to-services', '^src/http/', SERVICES, CORE, CONTRACT, INFRA, CONFIG),
    only(
      'realtime-speaks-to-services',
      '^realtime/',
      SERVICES,
      CORE,
      CONTRACT,
      INFRA,
      CONFIG,
      '^media/client/',
    ),
    only('media-knows-no-feature', '^media/', CORE, CONTRACT, INFRA, CONFIG),
    {
      name: 'settings-are-handed-in',
      severity: 'error',
      from: { path: '^(src/http|realtime|media)/', pathNot: UNIT_TEST },
      to: { path: CONFIG, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'media-runs-without-the-database',
      severity: 'error',
      from: { path: '^media/', pathNot: UNIT_TEST },
      to: { path: '^src/infra/(db|jobs|job-runner|postgres)[./]' },
    },
    only('client-needs-only-the-contract', '^client/', CORE, CONTRACT),
    only('web-needs-only-the-client', '^web/', '^client/', CORE, CONTRACT),
    {
      name: 'browsers-get-the-types-of-the-contract',
      comment: 'A value from the contract would bring all of zod and every schema into the first page.',
      severity: 'error',
      from: { path: '^(client|web)/', pathNot: UNIT_TEST },
      to: { path: CONTRACT, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-know-no-transport',
      severity: 'error',
      from: { path: '^(src/features|src/core|src/contract|drizzle)/' },
      to: { path: 'node_modules/(socket\\.io|uWebSockets\\.js|mediasoup|hono|@hono)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-depends-on-tests',
      severity: 'error',
      from: { path: '^(src|realtime|media|drizzle|client|web)/', pathNot: UNIT_TEST },
      to: { path: ['^test/', UNIT_TEST] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:|dist/server/main' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage)/|\\.gen\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
