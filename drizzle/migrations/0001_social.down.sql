-- The way back from 0001_social: follows, likes, notifications and activities go. Take a backup first.
DROP TABLE IF EXISTS activities, notification_keys, notification_states, notifications, broadcast_likes, follows CASCADE;
DROP FUNCTION IF EXISTS ensure_notification_partitions(integer);
DROP TYPE IF EXISTS activity_kind, notification_kind;
DELETE FROM topic_heads WHERE topic LIKE 'notifications:%';
ALTER TABLE users DROP COLUMN IF EXISTS followers_count, DROP COLUMN IF EXISTS following_count;
ALTER TABLE broadcasts DROP COLUMN IF EXISTS likes_count;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795362017036;
