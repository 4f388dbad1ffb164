import { EyeOff, Play } from 'lucide-react'
import { useState } from 'react'
import { useApi } from '../../../data/use-api.ts'
import { useTitle } from '../../../data/use-title.ts'
import { premiereText } from '../../../text/premieres.ts'
import { videoText } from '../../../text/video.ts'
import { Spinner } from '../../../ui/skeleton.tsx'
import { VideoPlayer } from '../player/video-player.tsx'

/** The player alone, for pages elsewhere. Nothing plays before somebody asks for it, and every link leads out of the frame. */
export function EmbedPage({ videoId }: { videoId: string }) {
  const { data, error } = useApi('get /api/videos/{videoId}', { params: { videoId } })
  const [isAsked, setIsAsked] = useState(false)
  const video = data?.video
  useTitle(video?.title)
  // Where all watch together is its own page.
  if (video?.premiere && video.visibility === 'public')
    return <Shut videoId={videoId} title={premiereText('embedTitle')} />
  // A frame of somebody who is signed in shows no more than everybody's.
  if (error || (video && (video.visibility !== 'public' || !video.media)))
    return <Shut videoId={videoId} title={videoText('shutTitle')} />
  if (!video)
    return (
      <div className="grid h-dvh place-items-center bg-black text-white">
        <Spinner size={44} />
      </div>
    )
  const posterUrl = video.posterUrl === null ? undefined : `${video.posterUrl}1280.jpg`
  return (
    <div className="relative h-dvh bg-black text-white">
      {isAsked ? (
        <VideoPlayer videoId={video.id} title={video.title} chapters={video.chapters} posterUrl={posterUrl} />
      ) : (
        <button
          type="button"
          aria-label={videoText('play')}
          onClick={() => setIsAsked(true)}
          className="group absolute inset-0 grid place-items-center"
        >
          {posterUrl && <img src={posterUrl} alt="" className="absolute inset-0 size-full object-contain" />}
          <span className="relative grid size-20 place-items-center rounded-full bg-black/60 transition-transform group-hover:scale-105">
            <Play aria-hidden size={36} className="translate-x-0.5 fill-current" />
          </span>
        </button>
      )}
      {!isAsked && (
        <h1 className="absolute inset-x-0 top-0 truncate bg-gradient-to-b from-black/75 to-transparent p-4 pb-8 text-base font-semibold">
          <PageLink videoId={video.id}>{video.title}</PageLink>
        </h1>
      )}
    </div>
  )
}

const PageLink = ({ videoId, children }: { videoId: string; children: string }) => (
  <a href={`/watch/${videoId}`} target="_blank" rel="noopener" className="hover:underline">
    {children}
  </a>
)

const Shut = ({ videoId, title }: { videoId: string; title: string }) => (
  <div className="grid h-dvh place-items-center bg-black p-4 text-center text-white">
    <div>
      <EyeOff aria-hidden size={40} className="mx-auto mb-3 opacity-80" />
      <h1 className="text-lg font-semibold">{title}</h1>
      <p className="mt-2 underline">
        <PageLink videoId={videoId}>{videoText('openPage')}</PageLink>
      </p>
    </div>
  </div>
)
