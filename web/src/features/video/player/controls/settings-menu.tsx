import { Check, Settings2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { videoText } from '../../../../text/video.ts'
import { watch } from '../../../../text/watch.ts'
import { cx } from '../../../../ui/cx.ts'
import { menuItemClass, menuPanelClass } from '../../../../ui/overlay/menu.ts'
import { ControlButton } from '../../../player/control-button.tsx'
import type { Choice, VideoSource } from '../source/use-video-source.ts'

export const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const

type Props = { source: VideoSource; rate: number; onRate: (rate: number) => void }

/** Quality, speed, and the sound where there are several. */
export function SettingsMenu({ source, rate, onRate }: Props) {
  const { tracks, chooseQuality, chooseAudio } = source
  const auto = tracks.height === undefined ? '' : ` (${tracks.height}p)`
  return (
    <Menu label={videoText('settings')} icon={Settings2}>
      <Choices
        title={watch('quality')}
        value={tracks.quality}
        choices={[
          ...tracks.qualities,
          { id: -1, label: `${watch('qualityAuto')}${tracks.quality < 0 ? auto : ''}` },
        ]}
        onChoose={chooseQuality}
      />
      <Choices
        title={videoText('speed')}
        value={rate}
        choices={RATES.map((id) => ({ id, label: id === 1 ? videoText('normalSpeed') : `${id}×` }))}
        onChoose={onRate}
      />
      {tracks.audio.length > 1 && (
        <Choices
          title={videoText('audioTrack')}
          value={tracks.audioTrack}
          choices={tracks.audio}
          onChoose={chooseAudio}
        />
      )}
    </Menu>
  )
}

type MenuProps = { label: string; icon: typeof Settings2; isOn?: boolean; children: ReactNode }

/** A menu of the player: inside of it and not in a portal, so that it is there in full screen too. */
export function Menu({ label, icon, isOn = false, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <ControlButton icon={icon} label={label} className={cx(isOn && 'underline decoration-2')} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        side="top"
        align="end"
        sideOffset={8}
        className={cx(
          menuPanelClass,
          'max-h-[min(60vh,var(--radix-dropdown-menu-content-available-height))] overflow-y-auto',
        )}
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  )
}

type ChoicesProps = {
  title: string
  value: number
  choices: readonly Choice[]
  onChoose: (id: number) => void
}

export function Choices({ title, value, choices, onChoose }: ChoicesProps) {
  return (
    <DropdownMenu.Group>
      <DropdownMenu.Label className="px-3 py-1.5 text-xs font-semibold text-text-3">
        {title}
      </DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={String(value)} onValueChange={(id) => onChoose(Number(id))}>
        {choices.map(({ id, label }) => (
          <DropdownMenu.RadioItem key={id} value={String(id)} className={menuItemClass}>
            <span className="w-4">
              <DropdownMenu.ItemIndicator>
                <Check aria-hidden size={16} />
              </DropdownMenu.ItemIndicator>
            </span>
            {label}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </DropdownMenu.Group>
  )
}
