-- The way back from 0015_video_trims. A trimmed video stays trimmed, and can't be told from one that is shown whole any more:
-- captions come as late as they are in the whole file.
ALTER TABLE videos DROP CONSTRAINT IF EXISTS videos_cut;
ALTER TABLE videos DROP COLUMN IF EXISTS whole_ms;
ALTER TABLE videos DROP COLUMN IF EXISTS cut_start_ms;
ALTER TABLE video_runs DROP CONSTRAINT IF EXISTS video_runs_cut;
ALTER TABLE video_runs DROP COLUMN IF EXISTS cut_end_ms;
ALTER TABLE video_runs DROP COLUMN IF EXISTS cut_start_ms;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795415745058;
