import { useEffect, useState } from 'react'
import { createSwitcher, type Switcher } from './switcher.ts'

type Deps = Parameters<typeof createSwitcher>[0]

/** A switcher that lives as long as the component; its functions may be new ones each time. */
export function useSwitch(deps: Deps): Switcher['set'] {
  const [held] = useState(() => {
    const current = { deps }
    const switcher = createSwitcher({
      send: (isOn) => current.deps.send(isOn),
      onRefused: (error, confirmed) => current.deps.onRefused(error, confirmed),
    })
    return { current, switcher }
  })
  useEffect(() => {
    held.current.deps = deps
  })
  return held.switcher.set
}
