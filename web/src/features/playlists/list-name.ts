import type { Response } from '../../data/use-api.ts'
import { playlistText } from '../../text/playlists.ts'

export type Playlist = Response<'get /api/playlists/{playlistId}'>['playlist']
export type Visibility = Playlist['visibility']

/** What is to be watched later has no name of its own. */
export const listName = ({ id, title }: Pick<Playlist, 'id' | 'title'>): string =>
  id === 'watch-later' ? playlistText('watchLater') : title
