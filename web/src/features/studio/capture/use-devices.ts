import { useCallback, useEffect, useState } from 'react'
import { useStored } from '../../../data/stored.ts'

export type Devices = {
  cameras: MediaDeviceInfo[]
  microphones: MediaDeviceInfo[]
  /** Empty where the system's default is to be used. */
  cameraId: string
  microphoneId: string
  setCameraId(id: string): void
  setMicrophoneId(id: string): void
  /** Names are known only after permission was given: list anew then. */
  refresh(): void
}

/** The cameras and microphones of this machine and which of them to use, kept in this browser. */
export function useDevices(): Devices {
  const [all, setAll] = useState<MediaDeviceInfo[]>([])
  const [cameraId, setCameraId] = useStored('camera', '')
  const [microphoneId, setMicrophoneId] = useStored('microphone', '')
  const refresh = useCallback(() => {
    navigator.mediaDevices?.enumerateDevices().then(setAll, () => setAll([]))
  }, [])
  useEffect(() => {
    refresh()
    navigator.mediaDevices?.addEventListener('devicechange', refresh)
    return () => navigator.mediaDevices?.removeEventListener('devicechange', refresh)
  }, [refresh])
  const cameras = all.filter((device) => device.kind === 'videoinput')
  const microphones = all.filter((device) => device.kind === 'audioinput')
  const known = (devices: MediaDeviceInfo[], id: string) =>
    devices.some((device) => device.deviceId === id) ? id : ''
  return {
    cameras,
    microphones,
    cameraId: known(cameras, cameraId),
    microphoneId: known(microphones, microphoneId),
    setCameraId,
    setMicrophoneId,
    refresh,
  }
}
