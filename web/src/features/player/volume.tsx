import { Volume1, Volume2, VolumeX } from 'lucide-react'
import { Slider } from 'radix-ui'
import { watch } from '../../text/watch.ts'
import { ControlButton } from './control-button.tsx'
import type { Sound } from './use-sound.ts'

/** Mutes, and shows a slider to whoever points at it or comes by keyboard. */
export function Volume({ sound }: { sound: Sound }) {
  const shown = sound.isMuted ? 0 : sound.volume
  return (
    <div className="group/volume flex items-center">
      <ControlButton
        icon={shown === 0 ? VolumeX : shown < 0.5 ? Volume1 : Volume2}
        label={watch(sound.isMuted ? 'unmute' : 'mute')}
        onClick={sound.toggle}
      />
      <Slider.Root
        value={[shown]}
        max={1}
        step={0.05}
        onValueChange={([volume]) => sound.setVolume(volume ?? 0)}
        className="relative ml-1 flex h-10 w-24 touch-none items-center opacity-0 transition-opacity group-focus-within/volume:opacity-100 group-hover/volume:opacity-100 max-md:hidden"
      >
        <Slider.Track className="relative h-1 flex-1 rounded-full bg-white/35">
          <Slider.Range className="absolute h-full rounded-full bg-white" />
        </Slider.Track>
        <Slider.Thumb aria-label={watch('volume')} className="block size-3.5 rounded-full bg-white" />
      </Slider.Root>
    </div>
  )
}
