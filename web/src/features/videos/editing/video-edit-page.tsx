import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowLeft, Play } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { type ReactNode, Suspense } from 'react'
import { useTitle } from '../../../data/use-title.ts'
import { editText } from '../../../text/editing.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { TabRow } from '../../../ui/tab-row.tsx'
import { VideoForm } from '../details/video-form.tsx'
import { OwnPicture, StateLine } from '../manager-row.tsx'
import type { OwnVideo } from '../use-own-videos.ts'
import { AudiencePanel } from './audience/audience-panel.tsx'
import { CaptionsPanel } from './captions/captions-panel.tsx'
import { FilePanel } from './file-panel.tsx'
import { PosterPanel } from './poster-panel.tsx'
import { RulesForm } from './rules-form.tsx'
import { TABS, type Tab } from './tabs.ts'
import { TrimPanel } from './trim/trim-panel.tsx'
import { useOwnVideo } from './use-own-video.ts'

type Props = { videoId: string; tab: Tab }

/** Everything that an owner may change of one video. */
export function VideoEditPage({ videoId, tab }: Props) {
  const { query, video, put } = useOwnVideo(videoId)
  useTitle(video?.title ?? editText('back'))
  if (query.error && !video)
    return <LoadError error={query.error} title={editText('failed')} onRetry={() => void query.refetch()} />
  return (
    <div className="mx-auto max-w-3xl px-4 pt-4 pb-16 md:px-6">
      <Link to="/studio/videos" className={`${buttonClass('ghost', 'sm')} -ml-3`}>
        <ArrowLeft aria-hidden size={18} />
        {editText('back')}
      </Link>
      {video ? <Parts key={video.id} {...{ video, tab, onSaved: put }} /> : <PageSkeleton />}
    </div>
  )
}

function Parts({ video, tab, onSaved }: { video: OwnVideo; tab: Tab; onSaved: (video: OwnVideo) => void }) {
  const navigate = useNavigate()
  const { id: videoId, title, durationMs, state } = video
  const show = (next: string) =>
    void navigate({
      to: '/studio/videos/$videoId',
      params: { videoId },
      search: { tab: next as Tab },
      replace: true,
    })
  return (
    <>
      <div className="mt-3 mb-5 flex gap-4">
        <OwnPicture video={video} />
        <div className="min-w-0 flex-1">
          <h1 className="text-lg leading-snug font-bold wrap-anywhere">{title}</h1>
          <StateLine video={video} />
          {state === 'ready' && (
            <Link to="/watch/$videoId" params={{ videoId }} className={`${buttonClass('quiet', 'sm')} mt-2`}>
              <Play aria-hidden size={16} />
              {editText('watch')}
            </Link>
          )}
        </div>
      </div>
      <Tabs.Root value={tab} onValueChange={show}>
        <div className="mb-5">
          <TabRow tabs={TABS} active={tab} label={editText('tabs')} nameOf={editText} />
        </div>
        <Panel name="details">
          <VideoForm video={video} onSaved={onSaved} hasRules={false} />
        </Panel>
        <Panel name="captions">
          <CaptionsPanel videoId={videoId} durationMs={durationMs ?? undefined} />
        </Panel>
        <Panel name="poster">
          <PosterPanel video={video} onSaved={onSaved} />
        </Panel>
        <Panel name="rules">
          <RulesForm video={video} onSaved={onSaved} />
        </Panel>
        <Tabs.Content value="audience">
          <AudiencePanel videoId={videoId} durationMs={durationMs ?? undefined} />
        </Tabs.Content>
        <Panel name="trim">{tab === 'trim' && <TrimPanel video={video} onSaved={onSaved} />}</Panel>
        <Panel name="file">
          <Suspense fallback={<Skeleton className="h-24 w-full" />}>
            <FilePanel video={video} />
          </Suspense>
        </Panel>
      </Tabs.Root>
    </>
  )
}

/** What is typed in one part stays while another is looked at. */
const Panel = ({ name, children }: { name: Tab; children: ReactNode }) => (
  <Tabs.Content value={name} forceMount className="data-[state=inactive]:hidden">
    {children}
  </Tabs.Content>
)

const PageSkeleton = () => (
  <>
    <LoadingNote />
    <div className="mt-3 flex gap-4">
      <Skeleton className="aspect-video w-24 shrink-0 md:w-40" />
      <Skeleton className="h-7 w-1/2" />
    </div>
    <Skeleton className="mt-6 h-11 w-full" />
    <Skeleton className="mt-6 h-64 w-full" />
  </>
)
