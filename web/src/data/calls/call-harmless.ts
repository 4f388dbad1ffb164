import { CallError, type Connection } from '../../../../client/types.ts'
import type { CallInput, CallName, CallOutput } from '../../../../src/contract/index.ts'

/** A call whose repeat changes nothing: where the connection went before the answer came, it is asked once more. */
export async function callHarmless<Name extends CallName>(
  connection: Connection,
  name: Name,
  input: CallInput<Name>,
): Promise<CallOutput<Name>> {
  const wasOnline = connection.state === 'online'
  try {
    return await connection.call(name, input)
  } catch (error) {
    if (!wasOnline || !(error instanceof CallError) || error.code !== 'offline') throw error
    return connection.call(name, input)
  }
}
