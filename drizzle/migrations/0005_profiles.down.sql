-- The way back from 0005_profiles: profiles, preferences and pictures go (their files stay). Take a backup first.
DROP TABLE IF EXISTS profiles, preferences CASCADE;
DROP TYPE IF EXISTS sensitive_content;
ALTER TABLE users DROP COLUMN IF EXISTS avatar, DROP COLUMN IF EXISTS verified_at;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795381375688;
