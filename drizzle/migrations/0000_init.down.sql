-- The way back from 0000_init: everything goes. Take a backup first.
DROP TABLE IF EXISTS chat_messages, topic_heads, idempotency_keys, inbox_mails, broadcasts, streams, one_time_tokens,
	login_sessions, credentials, users CASCADE;
DROP FUNCTION IF EXISTS ensure_chat_partitions(integer);
DROP TYPE IF EXISTS broadcast_state, broadcast_visibility, broadcast_end_reason, one_time_token_kind, user_role;
DELETE FROM drizzle.__drizzle_migrations;
