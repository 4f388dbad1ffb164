CREATE TYPE "public"."activity_kind" AS ENUM('broadcast_live', 'broadcast_scheduled');--> statement-breakpoint
CREATE TYPE "public"."notification_kind" AS ENUM('follow', 'live');--> statement-breakpoint
CREATE TABLE "activities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor_id" uuid NOT NULL,
	"kind" "activity_kind" NOT NULL,
	"subject_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification_keys" (
	"user_id" uuid NOT NULL,
	"kind" "notification_kind" NOT NULL,
	"subject_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "notification_keys_pkey" PRIMARY KEY("user_id","kind","subject_id")
);
--> statement-breakpoint
CREATE TABLE "notification_states" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"read_up_to" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notification_states_not_negative" CHECK ("notification_states"."read_up_to" >= 0)
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"user_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"id" uuid NOT NULL,
	"kind" "notification_kind" NOT NULL,
	"actor_id" uuid NOT NULL,
	"subject_id" uuid NOT NULL,
	CONSTRAINT "notifications_pkey" PRIMARY KEY("user_id","seq","created_at")
) PARTITION BY RANGE ("created_at");
--> statement-breakpoint
-- Makes the monthly partitions of notifications from this month to `months_ahead` months from now, and says how many it made.
-- SECURITY DEFINER, because the program's role has no DDL rights; the caller chooses nothing but the number.
CREATE FUNCTION "ensure_notification_partitions"(months_ahead integer) RETURNS integer
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
	PERFORM pg_advisory_xact_lock(hashtext('ensure_notification_partitions'));
	FOR i IN 0..months_ahead LOOP
		from_day := (first_day AT TIME ZONE 'UTC' + make_interval(months => i)) AT TIME ZONE 'UTC';
		partition_name := 'notifications_' || to_char(from_day AT TIME ZONE 'UTC', 'YYYYMM');
		IF to_regclass(partition_name) IS NULL THEN
			EXECUTE format(
				'CREATE TABLE %I PARTITION OF notifications FOR VALUES FROM (%L) TO (%L)',
				partition_name, from_day, (from_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
			made := made + 1;
		END IF;
	END LOOP;
	RETURN made;
END $$;
--> statement-breakpoint
SELECT "ensure_notification_partitions"(3);
--> statement-breakpoint
CREATE TABLE "broadcast_likes" (
	"broadcast_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "broadcast_likes_pkey" PRIMARY KEY("broadcast_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "follows" (
	"follower_id" uuid NOT NULL,
	"followee_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "follows_pkey" PRIMARY KEY("follower_id","followee_id"),
	CONSTRAINT "follows_not_oneself" CHECK ("follows"."follower_id" <> "follows"."followee_id")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "followers_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "following_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD COLUMN "likes_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "activities" ADD CONSTRAINT "activities_actor_id_users_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_states" ADD CONSTRAINT "notification_states_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcast_likes" ADD CONSTRAINT "broadcast_likes_broadcast_id_broadcasts_id_fk" FOREIGN KEY ("broadcast_id") REFERENCES "public"."broadcasts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcast_likes" ADD CONSTRAINT "broadcast_likes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_follower_id_users_id_fk" FOREIGN KEY ("follower_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follows" ADD CONSTRAINT "follows_followee_id_users_id_fk" FOREIGN KEY ("followee_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "activities_subject_key" ON "activities" USING btree ("subject_id","kind");--> statement-breakpoint
CREATE INDEX "activities_actor_idx" ON "activities" USING btree ("actor_id","created_at","id");--> statement-breakpoint
CREATE INDEX "notification_keys_expires_at_idx" ON "notification_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "broadcast_likes_user_id_idx" ON "broadcast_likes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "follows_followee_idx" ON "follows" USING btree ("followee_id","created_at","follower_id");--> statement-breakpoint
CREATE INDEX "follows_follower_idx" ON "follows" USING btree ("follower_id","created_at","followee_id");