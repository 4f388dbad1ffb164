import { Mic, MicOff, MonitorUp, MonitorX, Video, VideoOff } from 'lucide-react'
import { type ComponentProps, useRef } from 'react'
import { studio } from '../../../text/studio.ts'
import { IconButton } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { SelectField } from '../../../ui/field.tsx'
import type { Capture } from './use-capture.ts'
import { useMicLevel } from './use-mic-level.ts'

/** Microphone, camera and screen as switches, with the loudness of the microphone. */
export function SourceSwitches({ capture }: { capture: Capture }) {
  const { audio, video, isMicrophoneMuted, isCameraOff, isScreen } = capture
  return (
    <div className="flex items-center gap-2">
      <Switch
        icon={isMicrophoneMuted ? MicOff : Mic}
        label={studio(isMicrophoneMuted ? 'unmuteMicrophone' : 'muteMicrophone')}
        isOff={isMicrophoneMuted}
        disabled={!audio}
        onClick={capture.toggleMicrophone}
      />
      <Switch
        icon={isCameraOff ? VideoOff : Video}
        label={studio(isCameraOff ? 'startCamera' : 'stopCamera')}
        isOff={isCameraOff}
        disabled={!video || isScreen}
        onClick={capture.toggleCamera}
      />
      {/* Phones can not share their screen from a page. */}
      {navigator.mediaDevices && 'getDisplayMedia' in navigator.mediaDevices && (
        <Switch
          icon={isScreen ? MonitorX : MonitorUp}
          label={studio(isScreen ? 'stopScreen' : 'shareScreen')}
          isOff={false}
          aria-pressed={isScreen}
          onClick={capture.toggleScreen}
        />
      )}
      <LevelMeter track={isMicrophoneMuted ? undefined : audio} />
    </div>
  )
}

function Switch({ isOff, ...rest }: ComponentProps<typeof IconButton> & { isOff: boolean }) {
  return (
    <IconButton
      {...rest}
      className={cx(
        'size-11',
        isOff ? 'bg-live! text-on-live!' : 'bg-surface-2 text-text-1 hover:bg-surface-3',
      )}
    />
  )
}

function LevelMeter({ track }: { track: MediaStreamTrack | undefined }) {
  const bar = useRef<HTMLSpanElement>(null)
  useMicLevel(track, bar)
  return (
    <span
      role="img"
      aria-label={studio('level')}
      className="ml-1 block h-1.5 w-24 overflow-hidden rounded-full bg-surface-3 max-sm:w-14"
    >
      <span ref={bar} className="block h-full origin-left scale-x-0 rounded-full bg-money" />
    </span>
  )
}

/** Which camera and which microphone. It is there before the devices are known, so that nothing moves when they are. */
export function DeviceChoice({ capture: { devices } }: { capture: Capture }) {
  const { cameras, microphones } = devices
  const named = (list: MediaDeviceInfo[], fallback: (number: number) => string) =>
    list.map((device, at) => ({ value: device.deviceId, label: device.label || fallback(at + 1) }))
  return (
    <div className="grid min-w-full flex-1 gap-3 sm:min-w-0 sm:grid-cols-2">
      <SelectField
        label={studio('camera')}
        value={devices.cameraId || cameras[0]?.deviceId || ''}
        disabled={cameras.length === 0}
        onChange={(event) => devices.setCameraId(event.target.value)}
        options={named(cameras, (number) => studio('cameraNumber', { number }))}
      />
      <SelectField
        label={studio('microphone')}
        value={devices.microphoneId || microphones[0]?.deviceId || ''}
        disabled={microphones.length === 0}
        onChange={(event) => devices.setMicrophoneId(event.target.value)}
        options={named(microphones, (number) => studio('microphoneNumber', { number }))}
      />
    </div>
  )
}
