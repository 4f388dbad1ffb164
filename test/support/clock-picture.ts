import type { Page } from 'playwright-core'

/**
 * Replaces the camera of a page by a picture of the time: 30 bits of Date.now() as black and white cells, a parity cell
 * and a white one, so that a picture that is torn or blurred is told from a good one. The lower half moves, as a real
 * picture does.
 */
export async function replaceCameraByClock(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 })
    const context = canvas.getContext('2d', { alpha: false })
    if (!context) throw new Error('There is no canvas.')
    const [cellWidth, cellHeight] = [canvas.width / 8, canvas.height / 8]
    let frame = 0
    const draw = () => {
      frame++
      const time = Date.now() % 2 ** 30
      let parity = 0
      const paint = (cell: number, isWhite: boolean) => {
        context.fillStyle = isWhite ? '#fff' : '#000'
        context.fillRect(
          (cell % 8) * cellWidth,
          Math.floor(cell / 8) * cellHeight,
          cellWidth + 1,
          cellHeight + 1,
        )
      }
      for (let bit = 0; bit < 30; bit++) {
        const isSet = ((time >> bit) & 1) === 1
        if (isSet) parity ^= 1
        paint(bit, isSet)
      }
      paint(30, parity === 1)
      paint(31, true)
      context.fillStyle = `hsl(${frame % 360}, 60%, 50%)`
      context.fillRect(0, canvas.height / 2, canvas.width, canvas.height / 2)
      for (let i = 0; i < 40; i++) {
        context.fillStyle = `hsl(${(i * 37 + frame) % 360}, 80%, ${30 + (i % 40)}%)`
        context.fillRect((i * 97 + frame * 5) % canvas.width, 400 + ((i * 53 + frame * 3) % 300), 100, 50)
      }
    }
    setInterval(draw, 1000 / 30)
    const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await original(constraints)
      for (const track of stream.getVideoTracks()) {
        stream.removeTrack(track)
        track.stop()
        const [clock] = canvas.captureStream(30).getVideoTracks()
        if (clock) stream.addTrack(clock)
      }
      return stream
    }
  })
}

export type Delays = { count: number; unreadable: number; medianMs: number; p95Ms: number }

/** Reads the clock from `frames` shown frames of a video element and compares it with the time of showing. */
export function measureDelays(page: Page, selector: string, frames: number): Promise<Delays> {
  return page.evaluate(
    async ({ selector: selected, frames: wanted }) => {
      const video = document.querySelector<HTMLVideoElement>(selected)
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
      const context = canvas.getContext('2d', { willReadFrequently: true })
      if (!video || !context) throw new Error('There is no video to read the clock from.')
      const read = () => {
        context.drawImage(video, 0, 0, canvas.width, canvas.height)
        const { data } = context.getImageData(0, 0, canvas.width, 90)
        const bit = (cell: number) => {
          const x = (cell % 8) * 40 + 20
          const y = Math.floor(Math.floor(cell / 8) * 22.5 + 11)
          return (data[(y * canvas.width + x) * 4 + 1] ?? 0) > 127 ? 1 : 0
        }
        let [time, parity] = [0, 0]
        for (let cell = 0; cell < 30; cell++) {
          time |= bit(cell) << cell
          parity ^= bit(cell)
        }
        return bit(31) === 1 && bit(30) === parity ? time : undefined
      }
      const delays: number[] = []
      let unreadable = 0
      while (delays.length < wanted && unreadable < wanted * 10) {
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve))
        const time = read()
        if (time === undefined) unreadable++
        else delays.push((Date.now() % 2 ** 30) - time)
      }
      delays.sort((a, b) => a - b)
      const at = (share: number) =>
        delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN
      return { count: delays.length, unreadable, medianMs: at(0.5), p95Ms: at(0.95) }
    },
    { selector, frames },
  )
}
