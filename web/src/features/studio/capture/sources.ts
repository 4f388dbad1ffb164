/** 720p at 30 frames is what a home connection carries upwards; the browser takes the nearest the camera has. */
const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
}

/** Speech from a room: the browser's own processing is on. */
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
}

type Choice = { cameraId: string; microphoneId: string }

/** Opens both, or the one of them that exists. Throws what getUserMedia throws. */
export async function openMicrophoneAndCamera({
  cameraId,
  microphoneId,
}: Choice): Promise<MediaStreamTrack[]> {
  const video = { ...CAMERA, ...(cameraId && { deviceId: { exact: cameraId } }) }
  const audio = { ...MICROPHONE, ...(microphoneId && { deviceId: { exact: microphoneId } }) }
  const open = async (constraints: MediaStreamConstraints) =>
    (await navigator.mediaDevices.getUserMedia(constraints)).getTracks()
  try {
    return await open({ video, audio })
  } catch (error) {
    // One of the two is missing: a voice without a picture, or a picture without a voice, is a broadcast too.
    if (!(error instanceof DOMException) || error.name !== 'NotFoundError') throw error
    return open({ audio }).catch(() => open({ video }))
  }
}

/** Asks for a window, a tab or the screen and opens its picture. Throws where nothing was chosen. */
export async function openScreen(): Promise<MediaStreamTrack | undefined> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 30 } } })
  const track = stream.getVideoTracks()[0]
  // Text stays sharp when the connection gets slow; the frame rate gives way instead.
  if (track) track.contentHint = 'detail'
  return track
}
