import { createFileRoute } from '@tanstack/react-router'
import { PlaylistPage } from '../features/playlists/page/playlist-page.tsx'

export const Route = createFileRoute('/playlist/$playlistId')({ component: Page })

function Page() {
  const { playlistId } = Route.useParams()
  return <PlaylistPage key={playlistId} playlistId={playlistId} />
}
