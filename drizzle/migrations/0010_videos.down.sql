-- The way back from 0010_videos. Videos and uploads go, and can't be had back: delete their files too, which is everything
-- below `videos/`. Take a backup first.
ALTER TABLE IF EXISTS videos DROP CONSTRAINT IF EXISTS videos_run_id_video_runs_id_fk;
ALTER TABLE IF EXISTS videos DROP CONSTRAINT IF EXISTS videos_next_run_id_video_runs_id_fk;
DROP TABLE IF EXISTS video_chapters;
DROP TABLE IF EXISTS video_captions;
DROP TABLE IF EXISTS video_chunks;
DROP TABLE IF EXISTS video_audio_tracks;
DROP TABLE IF EXISTS video_renditions;
DROP TABLE IF EXISTS video_uploads;
DROP TABLE IF EXISTS video_runs;
DROP TABLE IF EXISTS videos;
DROP TYPE IF EXISTS caption_kind;
DROP TYPE IF EXISTS chunk_state;
DROP TYPE IF EXISTS upload_state;
DROP TYPE IF EXISTS video_run_state;
DROP TYPE IF EXISTS video_state;
DROP TYPE IF EXISTS video_visibility;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795401429989;
