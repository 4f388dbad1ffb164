import { useCallback, useEffect, useRef, useState } from 'react'
import { type CaptureProblem, problemOf } from './problem.ts'
import { openMicrophoneAndCamera, openScreen } from './sources.ts'
import { type Devices, useDevices } from './use-devices.ts'

export type Capture = {
  devices: Devices
  /** The camera, or the screen while that is shared. */
  video: MediaStreamTrack | undefined
  audio: MediaStreamTrack | undefined
  /** `unasked`: the browser would ask for permission; that is for a click to start. */
  state: 'unasked' | 'asking' | 'ready' | 'failed'
  problem: CaptureProblem | undefined
  isScreen: boolean
  isCameraOff: boolean
  isMicrophoneMuted: boolean
  ask(): void
  toggleCamera(): void
  toggleMicrophone(): void
  toggleScreen(): void
}

/** Camera, microphone and screen of the studio. Opens what it may without asking; stops everything when it is left. */
export function useCapture(): Capture {
  const devices = useDevices()
  const { camera, microphone, state, problem, ask } = useCameraAndMicrophone(devices)
  const [screen, toggleScreen] = useScreen()
  const [isOff, setIsOff] = useState(false)
  const [isMicrophoneMuted, setIsMicrophoneMuted] = useState(false)
  const video = screen ?? camera
  const isCameraOff = isOff && !screen
  useEffect(() => {
    if (video) video.enabled = !isCameraOff
  }, [video, isCameraOff])
  useEffect(() => {
    if (microphone) microphone.enabled = !isMicrophoneMuted
  }, [microphone, isMicrophoneMuted])
  return {
    devices,
    video,
    audio: microphone,
    state,
    problem,
    isScreen: screen !== undefined,
    isCameraOff,
    isMicrophoneMuted,
    ask,
    toggleCamera: () => setIsOff((before) => !before),
    toggleMicrophone: () => setIsMicrophoneMuted((before) => !before),
    toggleScreen,
  }
}

function useCameraAndMicrophone({ cameraId, microphoneId, refresh }: Devices) {
  const [state, setState] = useState<Capture['state']>('unasked')
  const [problem, setProblem] = useState<CaptureProblem>()
  const [camera, setCamera] = useTrack()
  const [microphone, setMicrophone] = useTrack()
  const opening = useRef(0)
  const wasOpened = useRef(false)

  const open = useCallback(async () => {
    const mine = ++opening.current
    setState((before) => (before === 'ready' ? before : 'asking'))
    try {
      const tracks = await openMicrophoneAndCamera({ cameraId, microphoneId })
      // The choice changed, or the page was left, while the browser asked.
      if (mine !== opening.current) for (const track of tracks) track.stop()
      if (mine !== opening.current) return
      wasOpened.current = true
      setCamera(tracks.find((track) => track.kind === 'video'))
      setMicrophone(tracks.find((track) => track.kind === 'audio'))
      setProblem(undefined)
      setState('ready')
      refresh()
    } catch (error) {
      if (mine !== opening.current) return
      setProblem(window.isSecureContext ? problemOf(error) : 'insecure')
      setState('failed')
    }
  }, [cameraId, microphoneId, refresh, setCamera, setMicrophone])

  // Opens at once where permission was given before, and again whenever another device is chosen.
  useEffect(() => {
    let isOver = false
    void isPermitted().then((may) => {
      if (!isOver && (may || wasOpened.current || !window.isSecureContext)) void open()
    })
    return () => {
      isOver = true
      opening.current++
    }
  }, [open])
  return { camera, microphone, state, problem, ask: () => void open() }
}

function useScreen(): [screen: MediaStreamTrack | undefined, toggle: () => void] {
  const [screen, setScreen] = useTrack()
  const toggle = () => {
    if (screen) return setScreen(undefined)
    openScreen().then(
      (track) => {
        track?.addEventListener('ended', () => setScreen(undefined))
        setScreen(track)
      },
      // Somebody closed the browser's choice of windows: nothing to do.
      () => {},
    )
  }
  return [screen, toggle]
}

/** A track that is stopped when another takes its place and when the component goes. */
function useTrack() {
  const [track, setTrack] = useState<MediaStreamTrack>()
  useEffect(() => () => track?.stop(), [track])
  return [track, setTrack] as const
}

/** Whether the browser will hand out camera and microphone without a question. */
async function isPermitted(): Promise<boolean> {
  const names = ['camera', 'microphone'] as unknown as PermissionName[]
  try {
    const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })))
    return states.every(({ state }) => state === 'granted')
  } catch {
    // Firefox does not tell: then it is asked by a click.
    return false
  }
}
