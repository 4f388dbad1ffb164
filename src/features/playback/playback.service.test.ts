import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/errors.ts'
import { createPlayback, type FileView } from './playback.service.ts'

const VIDEO = '0195a000-0000-7000-8000-000000000001'
const FORMER = '0195a000-0000-7000-8000-00000000000a'
const LATTER = '0195a000-0000-7000-8000-00000000000b'

/** Playback of one video that everybody may watch. */
function open(shown: Partial<FileView> = {}) {
  const video: FileView = {
    ...{ refusal: undefined, isOpen: true, runId: FORMER, shutUntil: undefined },
    ...{ posterFolder: 'posters/0/', cut: undefined, ...shown },
  }
  let looks = 0
  const playback = createPlayback({
    grants: { sign: () => ({ grant: 'a', expiresAt: 0 }), verify: () => ({ videoId: VIDEO }) } as never,
    ...{ cdn: undefined, clock: { nowMs: () => Date.now() } },
    async view() {
      looks++
      await Promise.resolve()
      return { ...video }
    },
  })
  const ask = (runId: string) =>
    playback.open({ grant: 'public', videoId: VIDEO, runId, file: 'master.m3u8' }).then(
      ({ key }) => key,
      ({ code }: AppError) => code,
    )
  return { video, ask, looks: () => looks }
}

describe('files of a video', () => {
  it('are there from the first request on when another run takes the place of the former', async () => {
    const { video, ask } = open()
    expect(await ask(FORMER)).toBe(`videos/${VIDEO}/${FORMER}/play/master.m3u8`)
    video.runId = LATTER
    expect(await ask(LATTER)).toBe(`videos/${VIDEO}/${LATTER}/play/master.m3u8`)
    expect(await ask(FORMER)).toBe('not_found')
  })

  it('are looked up once for all who ask for a run that is not known, and not again for one that is', async () => {
    const { ask, looks } = open()
    for (let i = 0; i < 3; i++) await ask(FORMER)
    expect(looks()).toBe(1)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(LATTER)))
    expect(new Set(answers)).toEqual(new Set(['not_found']))
    expect(looks()).toBe(2)
  })

  it('are refused without another look to whom the video is shut', async () => {
    const { ask, looks } = open({ refusal: new AppError('forbidden'), runId: null })
    for (let i = 0; i < 3; i++) expect(await ask(LATTER)).toBe('forbidden')
    expect(looks()).toBe(1)
  })
})
