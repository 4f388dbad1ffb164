-- The way back from 0011_views. Sessions of watching, their numbers by day and the history of people go, and can't be had
-- back; the views and the watch time that stand with each video stay. Take a backup first.
DROP FUNCTION IF EXISTS drop_view_partitions(integer);
DROP FUNCTION IF EXISTS ensure_view_partitions(integer);
DROP FUNCTION IF EXISTS first_uuid_of(timestamptz);
DROP TABLE IF EXISTS watch_history, video_retention, video_days, video_viewers, video_views, view_reports;
DROP TYPE IF EXISTS view_device;
DROP TYPE IF EXISTS view_referrer;
ALTER TABLE preferences DROP COLUMN IF EXISTS keeps_history;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795401578791;
