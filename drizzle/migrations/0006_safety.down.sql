-- The way back from 0006_safety. The version before knows no blocks, mutes and private accounts: they go, and what private
-- accounts broadcast becomes for followers, which it does know. Take a backup first.
UPDATE broadcasts SET visibility = 'followers' WHERE stream_id IN (
	SELECT s.id FROM streams s JOIN account_privacy p ON p.user_id = s.owner_id WHERE p.is_private);
DROP TABLE IF EXISTS follow_requests, account_privacy, mutes, blocks;
DROP TYPE IF EXISTS audience;
-- Numbers of notifications have no holes, so those that the version before does not know become ones that it does.
UPDATE notifications SET kind = 'follow' WHERE kind::text IN ('follow_request', 'follow_accepted');
DELETE FROM notification_keys WHERE kind::text IN ('follow_request', 'follow_accepted');
ALTER TYPE notification_kind RENAME TO notification_kind_old;
CREATE TYPE notification_kind AS ENUM('follow', 'live');
ALTER TABLE notifications ALTER COLUMN kind TYPE notification_kind USING kind::text::notification_kind;
ALTER TABLE notification_keys ALTER COLUMN kind TYPE notification_kind USING kind::text::notification_kind;
DROP TYPE notification_kind_old;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795383735539;
