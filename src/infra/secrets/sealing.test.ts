import { describe, expect, it } from 'vitest'
import { createLocalKeys, createSealing } from './sealing.ts'

const OLD = 'the secret key of last year, thirty-two'
const NEW = 'the secret key of this year, thirty-two'
const sealing = createSealing(createLocalKeys(OLD))

describe('a sealed secret', () => {
  it('opens for its purpose alone, and never looks the same twice', async () => {
    const sealed = await sealing.seal('JBSWY3DPEHPK3PXP', 'totp:alice')
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP')
    expect(await sealing.seal('JBSWY3DPEHPK3PXP', 'totp:alice')).not.toBe(sealed)
    expect(await sealing.open(sealed, 'totp:alice')).toBe('JBSWY3DPEHPK3PXP')
    await expect(sealing.open(sealed, 'totp:bob')).rejects.toThrow()
  })

  it('does not open once a character of any part was changed', async () => {
    const sealed = await sealing.seal('secret', 'p')
    const parts = sealed.split('.')
    for (let i = 0; i < parts.length; i++) {
      const changed = parts.map((part, at) =>
        at === i ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part,
      )
      await expect(sealing.open(changed.join('.'), 'p'), `part ${i}`).rejects.toThrow()
    }
    await expect(sealing.open('', 'p')).rejects.toThrow('no sealed secret')
  })

  it('outlives a change of SECRET_KEY as long as the former key is known', async () => {
    const sealed = await sealing.seal('secret', 'p')
    const after = createSealing(createLocalKeys(NEW, [OLD]))
    expect(await after.open(sealed, 'p')).toBe('secret')
    expect([sealing.isCurrent(sealed), after.isCurrent(sealed)]).toEqual([true, false])
    const anew = await after.seal('secret', 'p')
    expect(after.isCurrent(anew)).toBe(true)
    await expect(createSealing(createLocalKeys(NEW)).open(sealed, 'p')).rejects.toThrow('former')
    await expect(sealing.open(anew, 'p')).rejects.toThrow('former')
  })

  it('can be wrapped by a key service that never shows its key', async () => {
    const asked: string[] = []
    const local = createLocalKeys(NEW)
    const service = createSealing({
      keyId: 'arn-1',
      wrap: (dataKey) => local.wrap(dataKey),
      unwrap(wrapped, keyId) {
        asked.push(keyId)
        return local.unwrap(wrapped, local.keyId)
      },
    })
    const sealed = await service.seal('secret', 'p')
    expect(await service.open(sealed, 'p')).toBe('secret')
    expect(asked).toEqual(['arn-1'])
  })
})
