-- The way back from 0002_rights. The version before knows no broadcasts for followers alone and would show them to everybody:
-- they go, and so do all bans. What was said during them becomes part of the open chat. Take a backup first.
DROP TABLE IF EXISTS channel_bans;
DROP INDEX IF EXISTS broadcasts_ended_idx;
ALTER TABLE streams DROP COLUMN IF EXISTS chat_hidden_up_to;
DELETE FROM activities WHERE subject_id IN (SELECT id FROM broadcasts WHERE visibility::text = 'followers');
DELETE FROM broadcasts WHERE visibility::text = 'followers';
ALTER TYPE broadcast_visibility RENAME TO broadcast_visibility_old;
CREATE TYPE broadcast_visibility AS ENUM('public', 'unlisted');
ALTER TABLE broadcasts ALTER COLUMN visibility TYPE broadcast_visibility USING visibility::text::broadcast_visibility;
DROP TYPE broadcast_visibility_old;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795368887396;
