-- The way back from 0007_governance. Suspensions, bans of accounts, upgrades, API tokens and the audit log go: take a backup first.
DROP TABLE IF EXISTS audit_log;
DROP FUNCTION IF EXISTS refuse_change();
DROP TABLE IF EXISTS api_tokens;
DROP TABLE IF EXISTS account_upgrades;
DROP TABLE IF EXISTS account_sanctions;
DROP TYPE IF EXISTS upgrade_state;
DROP TYPE IF EXISTS upgrade_kind;
DROP TYPE IF EXISTS sanction_kind;
-- The version before does not know that staff ended a broadcast.
ALTER TABLE broadcasts DROP CONSTRAINT broadcasts_ended_has_reason;
ALTER TYPE broadcast_end_reason RENAME TO broadcast_end_reason_old;
CREATE TYPE broadcast_end_reason AS ENUM('ended_by_owner', 'never_started', 'connection_lost', 'cancelled');
ALTER TABLE broadcasts ALTER COLUMN end_reason TYPE broadcast_end_reason
  USING (CASE end_reason::text WHEN 'ended_by_staff' THEN 'ended_by_owner' ELSE end_reason::text END)::broadcast_end_reason;
DROP TYPE broadcast_end_reason_old;
ALTER TABLE broadcasts ADD CONSTRAINT broadcasts_ended_has_reason CHECK ((state = 'ended') = (end_reason IS NOT NULL));
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795384125058;
