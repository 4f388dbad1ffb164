import { describe, expect, test } from 'vitest'
import { startApp } from '../support/app.ts'
import { rawSocket, refusal, tokenOf } from '../support/raw-socket.ts'

describe.each(['uws', 'ws'])('signing out on %s', (SOCKET_ENGINE) => {
  test('closes every socket of that login session, spares the others, and voids its tokens', async () => {
    await using app = await startApp({ SOCKET_ENGINE })
    const [alice, bob] = [await app.person('alice'), await app.person('bob')]
    const sockets = [await rawSocket(app, alice), await rawSocket(app, alice)]
    const other = await rawSocket(app, bob)
    const token = await tokenOf(alice)
    expect(await refusal(app, { auth: { token } })).toBe('admitted')
    const told = sockets.map(
      ({ socket }) => new Promise((resolve) => socket.once('session:ended', (message) => resolve(message))),
    )
    const closed = sockets.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)))
    await alice.api.request('post /api/auth/sign-out')
    expect(await Promise.all(told)).toEqual([
      { code: 'signed_out', reconnect: true },
      { code: 'signed_out', reconnect: true },
    ])
    await Promise.all(closed)
    expect(other.socket.connected).toBe(true)
    expect(await refusal(app, { auth: { token } })).toBe('token_expired')
    other.close()
  })
})
