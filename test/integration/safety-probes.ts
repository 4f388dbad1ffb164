import type { Person } from '../support/person.ts'
import type { RawSocket } from '../support/raw-socket.ts'

export type Who = Person & RawSocket
export type Probe = (who: Who) => Promise<unknown>

const raise = (error: unknown) => error
/** Asks over HTTP. */
export const routeOf =
  (ask: (who: Who) => Promise<unknown>): Probe =>
  (who) =>
    ask(who).catch(raise).then(wire)
/** What a client was told, as text; of errors their data too. */
const wire = (answer: unknown) => (answer instanceof Error ? { ...answer, message: answer.message } : answer)
/** Asks over a socket. */
export const callOf =
  (name: string, input: () => object): Probe =>
  (who) =>
    who.ask(name, input())

type Joined = {
  ok: boolean
  data: { topics: { position?: { epoch: string }; items?: unknown[]; error?: object }[] }
}

/** Everything a topic keeps, as somebody gets it who was away from its beginning on. */
export const topicOf =
  (name: () => string): Probe =>
  async (who) => {
    const topic = name().replace('{self}', who.account.id)
    const join = async (since?: object) =>
      (await who.ask('topic:join', { topics: [{ topic, ...since }] })) as unknown as Joined
    const first = await join()
    await who.ask('topic:leave', { topics: [topic] })
    const epoch = first.data.topics[0]?.position?.epoch
    const again = epoch === undefined ? undefined : await join({ since: { epoch, offset: 0 } })
    return [first, again]
  }

export const shows = (ask: (who: Who) => Promise<unknown>, finds: string) => ({ probe: routeOf(ask), finds })
