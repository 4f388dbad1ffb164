-- The way back from 0012_video_posters. What stands for pictures until they are there is made again with the next file.
ALTER TABLE videos DROP COLUMN IF EXISTS poster_hashes;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795405178791;
