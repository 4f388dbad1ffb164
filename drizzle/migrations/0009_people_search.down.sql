-- The way back from 0009_people_search. Nothing is lost but speed: staff's search reads all accounts again.
DROP INDEX IF EXISTS users_newest_idx;
DROP INDEX IF EXISTS users_name_prefix_idx;
DROP INDEX IF EXISTS users_handle_prefix_idx;
DROP INDEX IF EXISTS credentials_email_prefix_idx;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795397846467;
