import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { playlistText } from '../../../text/playlists.ts'
import { Button } from '../../../ui/button.tsx'
import { usePreferences } from '../../settings/preferences/use-preferences.ts'
import { VideoPoster } from '../../video/tiles/poster.tsx'
import type { VideoCard } from '../../video/tiles/video-tile.tsx'

/** Time to read a title and to say no. */
const COUNTDOWN_S = 8
const SECOND_MS = 1000

type Props = { video: VideoCard; listId: string | undefined }

/** Over the last picture: what comes next, by itself unless somebody says no or wants nothing to begin by itself. */
export function NextUp({ video, listId }: Props) {
  const preferences = usePreferences()
  const navigate = useNavigate()
  const [leftS, setLeftS] = useState(COUNTDOWN_S)
  const [isCancelled, setIsCancelled] = useState(false)
  const isCounting = !isCancelled && (preferences === null || preferences?.autoplay === true)
  const play = () =>
    void navigate({
      to: '/watch/$videoId',
      params: { videoId: video.id },
      search: listId === undefined ? {} : { list: listId },
    })
  useEffect(() => {
    if (!isCounting) return
    const timer = setInterval(() => setLeftS((left) => left - 1), SECOND_MS)
    return () => clearInterval(timer)
  }, [isCounting])
  const isDue = isCounting && leftS <= 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the time is over.
  useEffect(() => {
    if (isDue) play()
  }, [isDue])
  return (
    <section
      aria-label={playlistText('upNext')}
      data-testid="next-up"
      className="absolute inset-0 grid place-items-center bg-black/80 p-4 pb-16 text-white"
    >
      <div className="w-full max-w-80 text-center">
        <p aria-live="polite" className="mb-2 text-sm text-white/80">
          {isCounting ? playlistText('upNextIn', { seconds: Math.max(0, leftS) }) : playlistText('upNext')}
        </p>
        <VideoPoster video={video} sizes="320px" className="aspect-video max-sm:hidden" />
        <p className="mt-2 line-clamp-2 font-semibold">{video.title}</p>
        <div className="mt-3 flex justify-center gap-2">
          {isCounting && <Button onClick={() => setIsCancelled(true)}>{playlistText('cancel')}</Button>}
          <Button look="primary" onClick={play}>
            {playlistText('playNow')}
          </Button>
        </div>
      </div>
    </section>
  )
}
