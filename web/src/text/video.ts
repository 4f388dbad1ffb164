import { messages } from './messages.ts'

export const videoText = messages({
  player: 'Video: {title}',
  play: 'Play',
  pause: 'Pause',
  replay: 'Play again',
  seek: 'Position in the video',
  seekAt: '{at} of {of}',
  settings: 'Quality and speed',
  speed: 'Speed',
  normalSpeed: 'Normal',
  audioTrack: 'Sound',
  captions: 'Captions',
  captionsOff: 'Off',
  failedTitle: 'This video does not play',
  failedHint: 'Something on the way to it went wrong.',
})
