import type Hls from 'hls.js'
import { type RefObject, useMemo, useRef, useState } from 'react'
import type { Attach } from '../../../player/use-sound.ts'
import { filesOf, rebase } from './rebase.ts'
import type { Playback } from './use-playback.ts'

export type Choice = { id: number; label: string }

/** What can be chosen of a video, and what is; `-1` is the choice that follows the network, or none. */
export type Tracks = {
  qualities: readonly Choice[]
  quality: number
  /** Height of the picture that plays now. */
  height: number | undefined
  audio: readonly Choice[]
  audioTrack: number
  captions: readonly Choice[]
  caption: number
}

export type VideoSource = {
  attach: Attach | undefined
  tracks: Tracks
  hasFailed: boolean
  chooseQuality(id: number): void
  chooseAudio(id: number): void
  chooseCaption(id: number): void
}

const NO_TRACKS: Tracks = {
  ...{ qualities: [], quality: -1, height: undefined },
  ...{ audio: [], audioTrack: -1, captions: [], caption: -1 },
}

type Options = {
  newest: RefObject<Playback | undefined>
  baseUrl: string | undefined
  onExpired: () => Promise<unknown>
}

/** Plays a video by hls.js, whose code is loaded here and nowhere earlier, or by the browser itself where only that can. */
export function useVideoSource({ newest, baseUrl, onExpired }: Options): VideoSource {
  const [tracks, setTracks] = useState(NO_TRACKS)
  const [hasFailed, setHasFailed] = useState(false)
  const [hls, setHls] = useState<Hls>()
  const files = baseUrl === undefined ? undefined : filesOf(baseUrl)
  const leftAtS = useRef(0)
  // The address of later grants is put into what is asked for; the player begins anew only where the video got another file,
  // and goes on there from where it was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above.
  const attach = useMemo<Attach | undefined>(() => {
    if (files === undefined) return undefined
    return (element, play) => {
      const session = begin({
        ...{ element, play, newest, onExpired, setTracks, setHls },
        startAtS: leftAtS.current,
        onFailed: () => setHasFailed(true),
      })
      return () => {
        leftAtS.current = element.currentTime
        session.end()
        setHls(undefined)
        setTracks(NO_TRACKS)
      }
    }
  }, [files])
  const choose = (change: (hls: Hls) => void) => {
    if (!hls) return
    change(hls)
    setTracks(tracksOf(hls))
  }
  return {
    ...{ attach, tracks, hasFailed },
    chooseQuality: (id) =>
      choose((on) => {
        on.nextLevel = id
      }),
    chooseAudio: (id) =>
      choose((on) => {
        on.audioTrack = id
      }),
    chooseCaption: (id) =>
      choose((on) => {
        on.subtitleTrack = id
        on.subtitleDisplay = id >= 0
      }),
  }
}

type Session = {
  element: HTMLVideoElement
  play: () => void
  startAtS: number
  newest: RefObject<Playback | undefined>
  onExpired: () => Promise<unknown>
  setTracks: (tracks: Tracks) => void
  setHls: (hls: Hls) => void
  onFailed: () => void
}

/** Loads the player and begins, unless it was ended meanwhile. */
function begin(session: Session): { end(): void } {
  let isOver = false
  let end = () => {}
  import('hls.js').then(
    ({ default: HlsPlayer }) => {
      if (isOver) return
      end = HlsPlayer.isSupported() ? playByHls(HlsPlayer, session) : playByBrowser(session)
    },
    () => !isOver && session.onFailed(),
  )
  return {
    end() {
      isOver = true
      end()
    },
  }
}

/** Where the newest grant has the playlist of a video. */
const masterIn = (newest: Session['newest']): string =>
  new URL(newest.current?.hlsUrl ?? '', location.href).href

function playByBrowser({ element, play, newest, startAtS, onFailed }: Session): () => void {
  const begin = (atS: number) => {
    element.src = masterIn(newest)
    play()
    element.currentTime = atS
  }
  // Its playlists keep the grant of their beginning: it goes on from there with the next one.
  const onError = () => {
    if (masterIn(newest) === element.src) return onFailed()
    begin(element.currentTime)
  }
  element.addEventListener('error', onError)
  begin(startAtS)
  return () => {
    element.removeEventListener('error', onError)
    element.removeAttribute('src')
    element.load()
  }
}

/** Outlasts a bad moment of the network. By itself the player loads up to ten minutes, which most leave unseen. */
const AHEAD_S = 30

function playByHls(HlsPlayer: typeof Hls, session: Session): () => void {
  const { element, play, newest, startAtS, setTracks, setHls } = session
  const hls = new HlsPlayer({
    // What is on the screen is never sharper than it can be seen.
    capLevelToPlayerSize: true,
    backBufferLength: 60,
    maxBufferLength: AHEAD_S,
    maxMaxBufferLength: AHEAD_S,
    ...(startAtS > 0 && { startPosition: startAtS }),
    xhrSetup(xhr, url) {
      const baseUrl = newest.current?.baseUrl
      const address = baseUrl === undefined ? url : rebase(url, baseUrl)
      // A CDN opens by cookies, which other origins get only where one says so.
      xhr.withCredentials = !address.startsWith(`${location.origin}/`)
      xhr.open('GET', address, true)
    },
  })
  const show = () => setTracks(tracksOf(hls))
  const { Events } = HlsPlayer
  for (const event of [
    Events.MANIFEST_PARSED,
    Events.LEVEL_SWITCHED,
    Events.AUDIO_TRACKS_UPDATED,
    Events.AUDIO_TRACK_SWITCHED,
    Events.SUBTITLE_TRACKS_UPDATED,
    Events.SUBTITLE_TRACK_SWITCH,
  ])
    hls.on(event, show)
  hls.on(Events.MANIFEST_PARSED, play)
  const mend = createMender(HlsPlayer, hls, session)
  hls.on(Events.ERROR, (_event, error) => error.fatal && mend(error))
  hls.loadSource(masterIn(newest))
  hls.attachMedia(element)
  setHls(hls)
  return () => hls.destroy()
}

/** How often a broken player is begun anew within a minute before its viewer is told. */
const MENDS_MAX = 3
const MENDS_WITHIN_MS = 60_000
/** A grant that has ended; and what one may not see, or is not there any more: what is so now is asked for. */
const REFUSED = [401, 403, 404]

type HlsError = { type: string; response?: { code?: number | undefined } | undefined }

/** Answers what to do about an error that ended the playing. */
function createMender(HlsPlayer: typeof Hls, hls: Hls, { newest, onExpired, onFailed }: Session) {
  let mendedAtMs: number[] = []
  /** Without its playlist a player has nothing to go on with. */
  const goOn = () => (hls.levels.length > 0 ? hls.startLoad() : hls.loadSource(masterIn(newest)))
  return ({ type, response }: HlsError): void => {
    const nowMs = Date.now()
    mendedAtMs = [...mendedAtMs.filter((atMs) => nowMs - atMs < MENDS_WITHIN_MS), nowMs]
    if (mendedAtMs.length > MENDS_MAX) onFailed()
    else if (REFUSED.includes(response?.code ?? 0)) onExpired().then(() => newest.current && goOn(), onFailed)
    else if (type === HlsPlayer.ErrorTypes.MEDIA_ERROR) hls.recoverMediaError()
    else if (type === HlsPlayer.ErrorTypes.NETWORK_ERROR) goOn()
    else onFailed()
  }
}

function tracksOf(hls: Hls): Tracks {
  const levels = hls.levels.map(({ height, width }, id) => ({ id, lines: Math.min(height, width) }))
  return {
    qualities: levels
      .toSorted((a, b) => b.lines - a.lines)
      .map(({ id, lines }) => ({ id, label: `${lines}p` })),
    quality: hls.autoLevelEnabled ? -1 : hls.nextLevel,
    height: levels[hls.currentLevel]?.lines,
    audio: hls.audioTracks.map(({ name }, id) => ({ id, label: name })),
    audioTrack: hls.audioTrack,
    captions: hls.subtitleTracks.map(({ name }, id) => ({ id, label: name })),
    caption: hls.subtitleDisplay ? hls.subtitleTrack : -1,
  }
}
