-- The way back from 0003_account_security: accounts without a mail address or password, texts, known devices and waiting
-- codes go, and so do tokens of the new kinds. Take a backup first.
DROP TABLE IF EXISTS known_devices, phone_codes, inbox_texts;
DELETE FROM users WHERE id IN (SELECT user_id FROM credentials WHERE email IS NULL);
DELETE FROM credentials WHERE password_hash IS NULL;
ALTER TABLE credentials DROP COLUMN IF EXISTS phone, DROP COLUMN IF EXISTS phone_verified_at,
	DROP COLUMN IF EXISTS password_version;
ALTER TABLE credentials DROP CONSTRAINT IF EXISTS credentials_contact;
ALTER TABLE credentials ALTER COLUMN email SET NOT NULL, ALTER COLUMN password_hash SET NOT NULL;
DROP INDEX IF EXISTS login_sessions_user_id_idx;
ALTER TABLE login_sessions DROP COLUMN IF EXISTS is_lasting, DROP COLUMN IF EXISTS user_agent, DROP COLUMN IF EXISTS network,
	DROP COLUMN IF EXISTS last_used_at, DROP COLUMN IF EXISTS confirmed_at, DROP COLUMN IF EXISTS confirmed_by;
CREATE INDEX login_sessions_user_id_idx ON login_sessions USING btree (user_id);
DROP TYPE IF EXISTS confirmation_method;
ALTER TABLE one_time_tokens DROP COLUMN IF EXISTS email;
DELETE FROM one_time_tokens WHERE kind NOT IN ('verify_email', 'login_link');
-- A value can't be taken out of a type.
ALTER TYPE one_time_token_kind RENAME TO one_time_token_kind_old;
CREATE TYPE one_time_token_kind AS ENUM('verify_email', 'login_link');
ALTER TABLE one_time_tokens ALTER COLUMN kind TYPE one_time_token_kind USING kind::text::one_time_token_kind;
DROP TYPE one_time_token_kind_old;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795380059564;
