CREATE TYPE "public"."one_time_token_kind" AS ENUM('verify_email', 'login_link');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('member', 'moderator', 'admin');--> statement-breakpoint
CREATE TYPE "public"."broadcast_end_reason" AS ENUM('ended_by_owner', 'never_started', 'connection_lost', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."broadcast_state" AS ENUM('scheduled', 'starting', 'live', 'interrupted', 'ended');--> statement-breakpoint
CREATE TYPE "public"."broadcast_visibility" AS ENUM('public', 'unlisted');--> statement-breakpoint
CREATE TABLE "credentials" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"email_verified_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credentials_email_lower" CHECK ("credentials"."email" = lower("credentials"."email"))
);
--> statement-breakpoint
CREATE TABLE "login_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"public_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" "one_time_token_kind" NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"handle" text NOT NULL,
	"display_name" text NOT NULL,
	"role" "user_role" DEFAULT 'member' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "users_handle_form" CHECK ("users"."handle" ~ '^[a-z0-9][a-z0-9_]{1,22}[a-z0-9]$')
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"stream_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"id" uuid NOT NULL,
	"author_id" uuid NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "chat_messages_pkey" PRIMARY KEY("stream_id","seq","sent_at")
) PARTITION BY RANGE ("sent_at");
--> statement-breakpoint
-- Makes the monthly partitions of chat_messages from this month to `months_ahead` months from now, and says how many it made.
-- SECURITY DEFINER, because the program's role has no DDL rights; the caller chooses nothing but the number.
CREATE FUNCTION "ensure_chat_partitions"(months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	made integer := 0;
	first_day timestamptz := date_trunc('month', now(), 'UTC');
	from_day timestamptz;
	partition_name text;
BEGIN
	IF months_ahead NOT BETWEEN 0 AND 24 THEN
		RAISE EXCEPTION 'months_ahead must be between 0 and 24';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('ensure_chat_partitions'));
	FOR i IN 0..months_ahead LOOP
		from_day := (first_day AT TIME ZONE 'UTC' + make_interval(months => i)) AT TIME ZONE 'UTC';
		partition_name := 'chat_messages_' || to_char(from_day AT TIME ZONE 'UTC', 'YYYYMM');
		IF to_regclass(partition_name) IS NULL THEN
			EXECUTE format(
				'CREATE TABLE %I PARTITION OF chat_messages FOR VALUES FROM (%L) TO (%L)',
				partition_name, from_day, (from_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
			made := made + 1;
		END IF;
	END LOOP;
	RETURN made;
END $$;
--> statement-breakpoint
SELECT "ensure_chat_partitions"(3);
--> statement-breakpoint
CREATE TABLE "inbox_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"html" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "broadcasts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"stream_id" uuid NOT NULL,
	"title" text NOT NULL,
	"category" text NOT NULL,
	"visibility" "broadcast_visibility" NOT NULL,
	"state" "broadcast_state" NOT NULL,
	"scheduled_for" timestamp with time zone,
	"started_at" timestamp with time zone,
	"interrupted_at" timestamp with time zone,
	"grace_ends_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"end_reason" "broadcast_end_reason",
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "broadcasts_ended_has_reason" CHECK (("broadcasts"."state" = 'ended') = ("broadcasts"."end_reason" is not null)),
	CONSTRAINT "broadcasts_scheduled_has_time" CHECK ("broadcasts"."state" <> 'scheduled' or "broadcasts"."scheduled_for" is not null),
	CONSTRAINT "broadcasts_interrupted_has_time" CHECK (("broadcasts"."state" = 'interrupted') = ("broadcasts"."interrupted_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "streams" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"account_id" uuid NOT NULL,
	"call" text NOT NULL,
	"client_id" uuid NOT NULL,
	"input_hash" text NOT NULL,
	"answer" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("account_id","call","client_id"),
	CONSTRAINT "idempotency_keys_hash_form" CHECK (length("idempotency_keys"."input_hash") = 64)
);
--> statement-breakpoint
CREATE TABLE "topic_heads" (
	"topic" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"epoch" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD CONSTRAINT "login_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_stream_id_streams_id_fk" FOREIGN KEY ("stream_id") REFERENCES "public"."streams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "streams" ADD CONSTRAINT "streams_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_email_key" ON "credentials" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "login_sessions_public_id_key" ON "login_sessions" USING btree ("public_id");--> statement-breakpoint
CREATE INDEX "login_sessions_user_id_idx" ON "login_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "login_sessions_expires_at_idx" ON "login_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "one_time_tokens_user_id_idx" ON "one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "one_time_tokens_expires_at_idx" ON "one_time_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_handle_key" ON "users" USING btree ("handle");--> statement-breakpoint
CREATE INDEX "inbox_mails_created_at_idx" ON "inbox_mails" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "broadcasts_on_air_key" ON "broadcasts" USING btree ("stream_id") WHERE "broadcasts"."state" in ('starting', 'live', 'interrupted');--> statement-breakpoint
CREATE INDEX "broadcasts_stream_id_idx" ON "broadcasts" USING btree ("stream_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "broadcasts_scheduled_idx" ON "broadcasts" USING btree ("stream_id","scheduled_for") WHERE "broadcasts"."state" = 'scheduled';--> statement-breakpoint
CREATE INDEX "broadcasts_live_idx" ON "broadcasts" USING btree ("started_at" DESC NULLS LAST) WHERE "broadcasts"."state" in ('live', 'interrupted');--> statement-breakpoint
CREATE INDEX "broadcasts_grace_idx" ON "broadcasts" USING btree ("grace_ends_at") WHERE "broadcasts"."grace_ends_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "streams_owner_id_key" ON "streams" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expires_at_idx" ON "idempotency_keys" USING btree ("expires_at");