import { handleJob, type JobHandler } from '../../infra/jobs.ts'
import { sweepPlaylists } from './playlists.queue.ts'
import type { PlaylistsService } from './playlists.service.ts'

/** Each hour, away from the full one when everybody's jobs run. */
const SWEEP_CRON = '23 * * * *'

export const playlistJobs = ({ playlists }: { playlists: Pick<PlaylistsService, 'purge'> }): JobHandler[] => [
  handleJob(sweepPlaylists, () => playlists.purge(), SWEEP_CRON),
]
