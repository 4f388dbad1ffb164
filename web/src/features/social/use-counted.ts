import { useRef, useState } from 'react'
import { useSwitch } from '../../data/calls/use-switch.ts'
import { errorText } from '../../data/error-text.ts'
import { useToast } from '../../ui/overlay/toasts.tsx'
import { answered, type Counted, refused, wished } from './counted.ts'

type Options = {
  /** Undefined until it was read. */
  now: Counted | undefined
  change: (change: (now: Counted) => Counted) => void
  send: (isOn: boolean) => Promise<Counted>
  /** The sentence for a wish that was refused. */
  refusal: (wishedFor: boolean, reason: string) => string
}

/**
 * Shows somebody's yes or no at once and brings it to the server; taken back with the reason where it is refused. `underWay`
 * is what they wished for until the server has answered: it stands, also where a read that began before brings the old one.
 */
export function useCounted({ now, change, send, refusal }: Options) {
  const [underWay, setUnderWay] = useState<boolean>()
  const toast = useToast()
  const shown = useRef<Counted>(undefined)
  const bring = useSwitch({
    send: async (isOn) => {
      const answer = await send(isOn)
      // Where the wish is another one by now, its own call brings the number.
      if (shown.current?.isOn !== isOn) return
      change((known) => (shown.current ? answered(known, shown.current, answer) : known))
      setUnderWay(undefined)
    },
    onRefused: (error, confirmed) => {
      setUnderWay(undefined)
      change((known) => (shown.current ? refused(known, shown.current, confirmed) : known))
      toast({ title: refusal(!confirmed, errorText(error)), tone: 'danger' })
    },
  })
  const wish = (isOn: boolean): void => {
    if (!now) return
    shown.current = wished(now, isOn)
    change(() => wished(now, isOn))
    setUnderWay(isOn)
    bring(isOn, now.isOn)
  }
  return { wish, underWay }
}
