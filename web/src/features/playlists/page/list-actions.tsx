import { useNavigate } from '@tanstack/react-router'
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { errorText } from '../../../data/error-text.ts'
import { useApiChange } from '../../../data/use-api.ts'
import { playlistText } from '../../../text/playlists.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/overlay/dialog.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { ListForm } from '../list-form.tsx'
import { listName, type Playlist } from '../list-name.ts'
import { OWN_PLAYLISTS_KEY, playlistKey } from '../use-playlist.ts'

/** What its owner can do with a whole list. */
export function ListActions({ playlist }: { playlist: Playlist }) {
  const [isEditing, setIsEditing] = useState(false)
  const remove = useRemoval(playlist)
  return (
    <>
      <Button icon={Pencil} onClick={() => setIsEditing(true)}>
        {playlistText('edit')}
      </Button>
      <Button look="danger" icon={Trash2} onClick={remove}>
        {playlistText('delete')}
      </Button>
      {isEditing && <EditList playlist={playlist} onClose={() => setIsEditing(false)} />}
    </>
  )
}

function EditList({ playlist, onClose }: { playlist: Playlist; onClose: () => void }) {
  const { queryClient } = useApp()
  const editing = useApiChange('patch /api/playlists/{playlistId}')
  const { title, description, visibility } = playlist
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={playlistText('editTitle')}>
      <ListForm
        list={{ title, description, visibility }}
        submit={playlistText('keep')}
        isBusy={editing.isPending}
        error={editing.error}
        onSubmit={(body) =>
          editing.mutate(
            { params: { playlistId: playlist.id }, body },
            {
              onSuccess: () => {
                void queryClient.invalidateQueries({ queryKey: playlistKey(playlist.id) })
                void queryClient.invalidateQueries({ queryKey: OWN_PLAYLISTS_KEY })
                onClose()
              },
            },
          )
        }
      />
    </Dialog>
  )
}

/** Deletes it and goes to the library, with a way back for those who did not mean it. */
function useRemoval(playlist: Playlist): () => void {
  const { queryClient } = useApp()
  const toast = useToast()
  const navigate = useNavigate()
  const removing = useApiChange('delete /api/playlists/{playlistId}')
  const restoring = useApiChange('post /api/playlists/{playlistId}/restore')
  const params = { playlistId: playlist.id }
  const onError = (error: Error) => toast({ title: errorText(error), tone: 'danger' })
  const readAnew = () => {
    void queryClient.invalidateQueries({ queryKey: OWN_PLAYLISTS_KEY })
    queryClient.removeQueries({ queryKey: playlistKey(playlist.id) })
  }
  const undo = () =>
    restoring
      .mutateAsync({ params })
      .then(() => {
        // Before its page is shown: what a page is reading must not be taken from under it.
        readAnew()
        return navigate({ to: '/playlist/$playlistId', params })
      })
      .catch(onError)
  return () =>
    removing.mutate(
      { params },
      {
        onError,
        onSuccess: () => {
          void navigate({ to: '/library' }).then(readAnew)
          toast({
            title: playlistText('deleted', { list: listName(playlist) }),
            action: {
              label: playlistText('undo'),
              hint: playlistText('undoHint'),
              onAction: () => void undo(),
            },
          })
        },
      },
    )
}
