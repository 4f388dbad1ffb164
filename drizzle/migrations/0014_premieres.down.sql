-- The way back from 0014_premieres. What was to be a premiere comes out at its time as any other video.
DROP INDEX IF EXISTS videos_premieres_idx;
ALTER TABLE videos DROP COLUMN IF EXISTS is_premiere;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795411873786;
