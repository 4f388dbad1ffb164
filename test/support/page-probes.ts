import type { Page } from 'playwright-core'
import { PASSWORD, type Person } from './person.ts'
import { until } from './until.ts'

/** Keeps every peer connection of a page where probes find it; before the page's own script runs. */
export async function keepPeerConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: RTCPeerConnection[] = []
    const Original = globalThis.RTCPeerConnection
    Object.assign(globalThis, { keptPeerConnections: kept })
    globalThis.RTCPeerConnection = class extends Original {
      constructor(...args: ConstructorParameters<typeof Original>) {
        super(...args)
        kept.push(this)
      }
    }
  })
}

export type Picture = { frames: number; width: number; height: number; mean: number; deviation: number }

/** What a video element shows: decoded frames so far, size, and mean and standard deviation of its brightness. */
export function pictureOf(page: Page, selector: string): Promise<Picture> {
  return page.evaluate((selected) => {
    const video = document.querySelector<HTMLVideoElement>(selected)
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 })
    const context = canvas.getContext('2d')
    if (!video || !context || video.videoWidth === 0)
      return { frames: 0, width: 0, height: 0, mean: 0, deviation: 0 }
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    let sum = 0
    let squares = 0
    for (let i = 0; i < data.length; i += 4) {
      const green = data[i + 1] ?? 0
      sum += green
      squares += green * green
    }
    const count = data.length / 4
    const mean = sum / count
    const frames = video.getVideoPlaybackQuality().totalVideoFrames
    const deviation = Math.sqrt(squares / count - mean * mean)
    return { frames, width: video.videoWidth, height: video.videoHeight, mean, deviation }
  }, selector)
}

/** Sound that all connections of a page have received, as energy (RTCInboundRtpStreamStats.totalAudioEnergy). */
export function audioEnergyOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { keptPeerConnections } = globalThis as unknown as { keptPeerConnections: RTCPeerConnection[] }
    let energy = 0
    for (const connection of keptPeerConnections) {
      for (const entry of (await connection.getStats()).values()) {
        if (entry.type === 'inbound-rtp' && entry.kind === 'audio') energy += entry.totalAudioEnergy ?? 0
      }
    }
    return energy
  })
}

/** The protocol of the candidate pair that a page's newest connection sends over. */
export function sendingProtocol(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const { keptPeerConnections } = globalThis as unknown as { keptPeerConnections: RTCPeerConnection[] }
    const open = keptPeerConnections.filter(({ connectionState }) => connectionState === 'connected').at(-1)
    const entries = [...((await open?.getStats()) ?? new Map()).values()]
    const transport = entries.find(({ type }) => type === 'transport')
    const pair = entries.find(({ id }) => id === transport?.selectedCandidatePairId)
    return entries.find(({ id }) => id === pair?.remoteCandidateId)?.protocol
  })
}

/** Waits until the picture moves: new frames, and not black. Answers the last look. */
export async function movingPicture(page: Page, selector: string, limitMs?: number): Promise<Picture> {
  let before: Picture | undefined
  return until(
    `a moving picture in ${selector}`,
    async () => {
      const now = await pictureOf(page, selector).catch(() => undefined)
      const moved = now && before && now.frames > before.frames + 3 && now.deviation > 5
      // After a reload counting begins anew.
      if (!before || !now || now.frames < before.frames) before = now
      return moved ? now : undefined
    },
    limitMs,
  )
}

/** Signs in through the page, as a person does. */
export async function signInThrough(page: Page, person: Person): Promise<void> {
  await page.getByLabel('Mail address').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.locator('form').getByRole('button', { name: 'Sign in' }).click()
  // Whoever leaves the page before it is answered is not signed in.
  await page.getByLabel('Password', { exact: true }).waitFor({ state: 'detached' })
}

/** Keeps a picture of a page in test/.artifacts for somebody to look at, where KEEP_PICTURES is set: each takes as long as a click. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if (!process.env.KEEP_PICTURES) return
  // Transitions are finished first: a page half way between two schemes says nothing.
  await page.screenshot({ animations: 'disabled', path: `test/.artifacts/${name}.png` })
}
