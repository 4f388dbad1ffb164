import { Globe, Link as LinkIcon, Lock, Plus } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { newClientId } from '../../../data/calls/client-id.ts'
import { errorText } from '../../../data/error-text.ts'
import { apiQuery, type Response, useApi, useApiChange } from '../../../data/use-api.ts'
import { playlistText } from '../../../text/playlists.ts'
import { Button } from '../../../ui/button.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { Dialog } from '../../../ui/overlay/dialog.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { ListForm } from '../list-form.tsx'
import { listName } from '../list-name.ts'
import { OWN_PLAYLISTS_KEY, playlistKey } from '../use-playlist.ts'

type OwnPlaylist = Response<'get /api/playlists'>['playlists'][number]

const ICONS = { public: Globe, unlisted: LinkIcon, private: Lock }

/** All lists of one's own, each ticked where it has the video; a tick is done at once and taken back where it is refused. */
export function SaveDialog({ videoId, onClose }: { videoId: string; onClose: () => void }) {
  const [isMaking, setIsMaking] = useState(false)
  const { data, error, refetch } = useApi('get /api/playlists', { query: { videoId } })
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={playlistText('saveTitle')}>
      {error && !data && (
        <LoadError error={error} title={playlistText('saveFailed')} onRetry={() => void refetch()} />
      )}
      {!data && !error && (
        <>
          <LoadingNote />
          <Skeleton className="h-10" />
          <Skeleton className="mt-2 h-10" />
        </>
      )}
      {data && (
        <ul className="-mx-2 max-h-[45dvh] overflow-y-auto">
          {data.playlists.map((list) => (
            <Row key={list.id} list={list} videoId={videoId} />
          ))}
        </ul>
      )}
      {data && !isMaking && (
        <Button className="mt-4 w-full" icon={Plus} onClick={() => setIsMaking(true)}>
          {playlistText('newList')}
        </Button>
      )}
      {isMaking && <NewList videoId={videoId} onDone={onClose} />}
    </Dialog>
  )
}

function Row({ list, videoId }: { list: OwnPlaylist; videoId: string }) {
  const toggle = useToggle(list, videoId)
  const Icon = ICONS[list.visibility]
  return (
    <li>
      <label className="flex min-h-11 cursor-pointer items-center gap-3 rounded-sm px-2 hover:bg-surface-2">
        <input
          type="checkbox"
          checked={list.holdsVideo}
          onChange={toggle}
          className="size-5 shrink-0 accent-accent"
        />
        <span className="min-w-0 flex-1 truncate">{listName(list)}</span>
        <Icon
          role="img"
          aria-label={playlistText(`is_${list.visibility}`)}
          size={16}
          className="shrink-0 text-text-3"
        />
      </label>
    </li>
  )
}

function useToggle(list: OwnPlaylist, videoId: string): () => void {
  const { api, queryClient } = useApp()
  const toast = useToast()
  const adding = useApiChange('put /api/playlists/{playlistId}/videos/{videoId}')
  const removing = useApiChange('delete /api/playlists/{playlistId}/videos/{videoId}')
  const { queryKey } = apiQuery(api, 'get /api/playlists', { query: { videoId } })
  const show = (holdsVideo: boolean) =>
    queryClient.setQueryData<Response<'get /api/playlists'>>(
      queryKey,
      (former) =>
        former && {
          playlists: former.playlists.map((one) => (one.id === list.id ? { ...one, holdsVideo } : one)),
        },
    )
  return () => {
    const wished = !list.holdsVideo
    const params = { playlistId: list.id, videoId }
    const options = {
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: playlistKey(list.id) })
        // This dialog shows it already.
        void queryClient.invalidateQueries({ queryKey: OWN_PLAYLISTS_KEY, refetchType: 'none' })
      },
      onError: (error: Error) => {
        show(!wished)
        toast({
          title: playlistText('refused', { list: listName(list), reason: errorText(error) }),
          tone: 'danger',
        })
      },
    }
    show(wished)
    if (wished) adding.mutate({ params, body: {} }, options)
    else removing.mutate({ params }, options)
  }
}

function NewList({ videoId, onDone }: { videoId: string; onDone: () => void }) {
  const { queryClient } = useApp()
  const making = useApiChange('post /api/playlists')
  const [clientId] = useState(newClientId)
  return (
    <div className="mt-4 border-t border-line pt-4">
      <ListForm
        submit={playlistText('make')}
        isBusy={making.isPending}
        error={making.error}
        onSubmit={(details) =>
          making.mutate(
            { body: { ...details, clientId, videoId } },
            {
              onSuccess: () => {
                void queryClient.invalidateQueries({ queryKey: OWN_PLAYLISTS_KEY })
                onDone()
              },
            },
          )
        }
      />
    </div>
  )
}
