-- The way back from 0004_second_factors: passkeys, authenticator apps, backup codes and links to providers go. Who has no
-- password can't sign in afterwards. Take a backup first.
DROP TABLE IF EXISTS oauth_accounts, pending_steps, backup_codes, passkeys, totp_secrets CASCADE;
DROP TYPE IF EXISTS pending_kind;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795380433067;
