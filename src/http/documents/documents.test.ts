import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { calls, routes, topics } from '../../contract/index.ts'
import { asyncApiDocument } from './asyncapi.ts'
import { openApiDocument } from './openapi.ts'
import { createSchemaCollector, type Json } from './schemas.ts'

/** Every `$ref` anywhere in a document. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : []
  return [...own, ...Object.values(value).flatMap(referencesIn)]
}

function resolves(document: Json, reference: string): boolean {
  const steps = reference.replace(/^#\//, '').split('/')
  const found = steps.reduce<unknown>((at, step) => (at as Json | undefined)?.[step], document)
  return found !== undefined
}

const openApi = openApiDocument('1.2.3')
const asyncApi = asyncApiDocument('1.2.3')

describe.each([
  ['OpenAPI', openApi],
  ['AsyncAPI', asyncApi],
])('the %s document', (_name, document) => {
  it('refers to nothing that it does not hold', () => {
    const references = referencesIn(document)
    expect(references.length).toBeGreaterThan(10)
    expect(references.filter((reference) => !resolves(document, reference))).toEqual([])
  })
})

it('every route is an operation whose path parameters are declared', () => {
  const paths = openApi.paths as Record<string, Record<string, { operationId: string; parameters?: Json[] }>>
  for (const [name, route] of Object.entries(routes)) {
    const operation = paths[route.path]?.[route.method]
    expect(operation?.operationId).toBe(name)
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const declared = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'path')
    expect(declared.map((parameter) => parameter.name)).toEqual(inPath)
  }
})

it('every call and topic is a channel with an operation', () => {
  const channels = Object.values(asyncApi.channels as Record<string, { address: string }>)
  const addresses = channels.map(({ address }) => address)
  expect(addresses).toEqual(expect.arrayContaining([...Object.keys(calls), ...Object.keys(topics)]))
  const operations = Object.values(asyncApi.operations as Record<string, { title: string }>)
  expect(operations.map(({ title }) => title).sort()).toEqual([...addresses].sort())
})

it('one name for two forms of a schema is refused', () => {
  const named = (schema: z.ZodType) => schema.meta({ id: `Twofold` })
  const collector = createSchemaCollector('draft-2020-12')
  const schema = z.object({ inner: named(z.object({ size: z.int().default(1) })) })
  collector.toSchema(schema, 'input')
  expect(() => collector.toSchema(schema, 'output')).toThrow('Twofold')
})
