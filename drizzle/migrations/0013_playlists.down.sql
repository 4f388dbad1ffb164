-- The way back from 0013_playlists. Lists of videos go, with what people want to watch later, and can't be had back. Take a
-- backup first.
DROP TABLE IF EXISTS playlist_items, playlists;
DROP TYPE IF EXISTS playlist_kind;
DROP TYPE IF EXISTS playlist_visibility;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795407788392;
