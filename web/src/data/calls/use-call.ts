import { useMutation } from '@tanstack/react-query'
import type { CallInput, CallName } from '../../../../src/contract/index.ts'
import { useApp } from '../app.tsx'

/** One call over the socket, with its pending and failed state. */
export function useCall<Name extends CallName>(name: Name) {
  const { connection, stepUp } = useApp()
  return useMutation({
    mutationFn: (input: CallInput<Name>) => stepUp.guard(() => connection.call(name, input)),
  })
}
