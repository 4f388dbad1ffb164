import { ListPlus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useAccount } from '../../../data/use-session.ts'
import { playlistText } from '../../../text/playlists.ts'
import { IconButton } from '../../../ui/button.tsx'

// Few videos of a page are ever saved: its code comes with the first one.
const SaveDialog = lazy(() => import('./save-dialog.tsx').then((it) => ({ default: it.SaveDialog })))

type Props = { videoId: string; title: string; className?: string }

/** Saves a video to lists of one's own; visitors have none. */
export function SaveButton({ videoId, title, className }: Props) {
  const account = useAccount()
  const [isOpen, setIsOpen] = useState(false)
  if (!account) return null
  return (
    <>
      <IconButton
        icon={ListPlus}
        label={playlistText('saveName', { title })}
        aria-haspopup="dialog"
        onClick={() => setIsOpen(true)}
        data-testid="save-video"
        {...(className && { className })}
      />
      {isOpen && (
        <Suspense>
          <SaveDialog videoId={videoId} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
