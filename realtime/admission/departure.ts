import { sleep } from '../../src/core/time.ts'
import type { Session, Sessions } from '../session.ts'

/**
 * Time for a client to end what it has asked and to go by itself; ours goes within a third of a second. What a socket of
 * somebody else's client asked for longer than this has its answer at the next one.
 */
export const LEAVE_MS = 2000
/** Often enough that a few hundred sockets go one by one, and rarely enough to cost nothing. */
const STEP_MS = 50

/**
 * Tells every socket to come back elsewhere, spread over `overMs` so that the others are not stormed, and closes those
 * that have not gone `leaveMs` later. Answers when all are gone.
 */
export async function moveAll(sessions: Sessions, overMs: number, leaveMs: number): Promise<void> {
  const all = [...sessions.all()]
  const steps = Math.max(1, Math.floor(overMs / STEP_MS))
  const perStep = Math.ceil(all.length / steps)
  const leaving: Promise<void>[] = []
  for (let from = 0; from < all.length; from += perStep) {
    leaving.push(...all.slice(from, from + perStep).map((session) => move(session, leaveMs)))
    await sleep(STEP_MS)
  }
  await Promise.all(leaving)
}

async function move({ socket }: Session, leaveMs: number): Promise<void> {
  socket.emit('session:ended', { code: 'draining', reconnect: true })
  if (leaveMs > 0) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leaveMs)
      socket.once('disconnect', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
  // The engine closes after what was written has left.
  socket.disconnect(true)
}
