import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayHear, mayView, type Relation, refusalBy, sightOf } from './visibility.service.ts'

const facts = [
  ...(['isSelf', 'isStaff', 'hasBlocked', 'isBlockedBy'] as const),
  ...(['hasMuted', 'isFollowing', 'isPrivate'] as const),
]
const relations = fc.record(
  Object.fromEntries(facts.map((fact) => [fact, fc.boolean()])) as Record<
    keyof Relation,
    fc.Arbitrary<boolean>
  >,
)

/** The rules once more, as a person would tell them, and by no table. */
function told(r: Relation): string {
  let sight = 'all'
  if (r.isPrivate && !r.isFollowing) sight = 'card'
  if (r.isBlockedBy) sight = 'nothing'
  if (r.hasBlocked) sight = 'notice'
  return r.isSelf || r.isStaff ? 'all' : sight
}

test('the rules are those that a person would tell', () => {
  fc.assert(
    fc.property(relations, (relation) => {
      expect(sightOf(relation)).toBe(told(relation))
      const [isAll, isCard] = [told(relation) === 'all', told(relation) === 'card']
      expect(mayView(relation, 'all')).toBe(isAll)
      expect(mayView(relation, 'card')).toBe(isAll || isCard)
      const isQuiet = relation.hasMuted || relation.hasBlocked
      expect(mayHear(relation, 'all')).toBe(isAll && !isQuiet)
      expect(mayHear(relation, 'card')).toBe((isAll || isCard) && !isQuiet)
    }),
    // There are 2 ** 7 relations: nearly all of them come.
    { numRuns: 1000 },
  )
})

test('a mute hides nothing from who looks, and a block or mute never shows more', () => {
  fc.assert(
    fc.property(relations, (relation) => {
      expect(sightOf({ ...relation, hasMuted: !relation.hasMuted })).toBe(sightOf(relation))
      for (const more of [
        { hasBlocked: true },
        { isBlockedBy: true },
        { hasMuted: true },
        { isPrivate: true },
      ])
        for (const need of ['all', 'card'] as const) {
          if (!mayView(relation, need)) expect(mayView({ ...relation, ...more }, need)).toBe(false)
          if (!mayHear(relation, need)) expect(mayHear({ ...relation, ...more }, need)).toBe(false)
        }
    }),
  )
})

test('who blocks is told so, and who is blocked is told what everybody is of an account that is none', () => {
  expect(refusalBy('notice')).toMatchObject({ code: 'forbidden', details: { reason: 'blocked' } })
  expect(refusalBy('nothing')).toMatchObject({ code: 'not_found', details: undefined })
  for (const sight of ['card', 'all'] as const) expect(refusalBy(sight)).toBeUndefined()
})
