-- The way back from 0002_second_factors: passkeys, authenticator apps, backup codes and links to providers go. Who has no
-- password can't sign in afterwards. Take a backup first.
DROP TABLE IF EXISTS oauth_accounts, pending_steps, backup_codes, passkeys, totp_secrets CASCADE;
DROP TYPE IF EXISTS pending_kind;
ALTER TABLE login_sessions DROP COLUMN IF EXISTS confirmed_at, DROP COLUMN IF EXISTS confirmed_by;
DROP TYPE IF EXISTS confirmation_method;
DELETE FROM credentials WHERE password_hash IS NULL;
ALTER TABLE credentials ALTER COLUMN password_hash SET NOT NULL;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795370394502;
