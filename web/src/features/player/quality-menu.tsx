import { Check, Settings2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import type { Watcher } from '../../../../client/live/watcher.ts'
import { watch } from '../../text/watch.ts'
import { menuItemClass, menuPanelClass } from '../../ui/overlay/menu.ts'
import { ControlButton } from './control-button.tsx'

/** The sizes of the picture, largest first, and the choice that follows the network. */
export function QualityMenu({ watcher }: { watcher: Watcher }) {
  const [chosen, setChosen] = useState('auto')
  const [qualities, setQualities] = useState<{ spatialLayer: number; height: number }[]>([])
  const choose = (value: string) => {
    setChosen(value)
    watcher.setQuality(value === 'auto' ? 'auto' : Number(value))
  }
  return (
    <DropdownMenu.Root modal={false} onOpenChange={(isOpen) => isOpen && setQualities(watcher.qualities())}>
      <DropdownMenu.Trigger asChild>
        <ControlButton icon={Settings2} label={watch('quality')} />
      </DropdownMenu.Trigger>
      {/* Inside of the player and not in a portal, so that it is there in full screen too. */}
      <DropdownMenu.Content side="top" align="end" sideOffset={8} className={menuPanelClass}>
        <DropdownMenu.Label className="px-3 py-1.5 text-xs font-semibold text-text-3">
          {watch('quality')}
        </DropdownMenu.Label>
        <DropdownMenu.RadioGroup value={chosen} onValueChange={choose}>
          <Choice value="auto" label={watch('qualityAuto')} />
          {qualities.toReversed().map((quality) => (
            <Choice
              key={quality.spatialLayer}
              value={String(quality.spatialLayer)}
              label={watch('qualityLines', { height: String(quality.height) })}
            />
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

function Choice({ value, label }: { value: string; label: string }) {
  return (
    <DropdownMenu.RadioItem value={value} className={menuItemClass}>
      <span className="w-4">
        <DropdownMenu.ItemIndicator>
          <Check aria-hidden size={16} />
        </DropdownMenu.ItemIndicator>
      </span>
      {label}
    </DropdownMenu.RadioItem>
  )
}
