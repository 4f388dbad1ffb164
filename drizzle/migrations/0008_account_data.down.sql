-- The way back from 0008_account_data. Accounts that wait to be deleted are kept, archives can't be fetched any more (delete
-- their files: everything below `exports/`), and handles of erased accounts are free: take a backup first.
DROP INDEX IF EXISTS chat_messages_author_idx;
DROP TABLE IF EXISTS reserved_handles;
DROP TABLE IF EXISTS account_exports;
DROP TABLE IF EXISTS account_deletions;
DROP TYPE IF EXISTS export_state;
DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1795384929965;
