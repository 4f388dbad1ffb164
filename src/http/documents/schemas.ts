import { z } from 'zod'

export type Json = { [key: string]: unknown }
export type Direction = 'input' | 'output'

export type SchemaCollector = {
  /** JSON Schema of a zod schema; those with a `meta({ id })` become references to `components`. */
  toSchema(schema: z.ZodType, io: Direction): Json
  /** What was referred to so far, by id. */
  readonly components: Json
}

/**
 * Collects the named schemas of a document under `#/components/schemas`. Throws where one name has two forms – a default
 * makes what goes in differ from what comes out – because a reader could not tell which of the two is meant.
 */
export function createSchemaCollector(target: 'draft-2020-12' | 'draft-07'): SchemaCollector {
  const components: Json = {}
  return {
    components,
    toSchema(schema, io) {
      const { $schema, $defs, definitions, ...body } = toJson(schema, io, target)
      for (const [id, definition] of Object.entries({ ...($defs as Json), ...(definitions as Json) })) {
        const { id: _id, $id, ...form } = definition as Json
        const known = components[id]
        if (known && JSON.stringify(known) !== JSON.stringify(form)) {
          throw new Error(
            `The schema "${id}" has two forms; give what goes in another id than what comes out.`,
          )
        }
        components[id] = form
      }
      return body
    },
  }
}

/** Unknown fields may be added to answers later, so nothing is said against them. References move to the components. */
function toJson(schema: z.ZodType, io: Direction, target: 'draft-2020-12' | 'draft-07'): Json {
  const json = z.toJSONSchema(schema, {
    io,
    target: target === 'draft-07' ? 'draft-7' : target,
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  const moved = JSON.stringify(json).replaceAll(
    /"#\/(?:\$defs|definitions)\/([^"]+)"/g,
    '"#/components/schemas/$1"',
  )
  return JSON.parse(moved) as Json
}
