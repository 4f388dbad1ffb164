CREATE TYPE "public"."view_device" AS ENUM('desktop', 'phone', 'tablet', 'tv', 'other');--> statement-breakpoint
CREATE TYPE "public"."view_referrer" AS ENUM('direct', 'home', 'channel', 'search', 'related', 'feed', 'history', 'embed', 'elsewhere');--> statement-breakpoint
CREATE TABLE "video_days" (
	"video_id" uuid NOT NULL,
	"day" date NOT NULL,
	"views" bigint DEFAULT 0 NOT NULL,
	"watch_ms" bigint DEFAULT 0 NOT NULL,
	"viewers" bigint DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "video_days_pkey" PRIMARY KEY("video_id","day"),
	CONSTRAINT "video_days_not_negative" CHECK ("video_days"."views" >= 0 and "video_days"."watch_ms" >= 0 and "video_days"."viewers" >= 0)
);
--> statement-breakpoint
CREATE TABLE "view_reports" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "view_reports_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"reports" text NOT NULL,
	"reports_count" integer NOT NULL
);
--> statement-breakpoint
-- It is deleted within a second: packing it would cost more than it saves.
ALTER TABLE "view_reports" ALTER COLUMN "reports" SET STORAGE EXTERNAL;
--> statement-breakpoint
CREATE TABLE "video_retention" (
	"video_id" uuid PRIMARY KEY NOT NULL,
	"sessions" integer NOT NULL,
	"parts" integer[] NOT NULL,
	"computed_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "video_viewers" (
	"video_id" uuid NOT NULL,
	"viewer_key" uuid NOT NULL,
	"counted_at" timestamp with time zone NOT NULL,
	"is_first_of_day" boolean NOT NULL,
	CONSTRAINT "video_viewers_pkey" PRIMARY KEY("video_id","viewer_key")
);
--> statement-breakpoint
CREATE TABLE "video_views" (
	"video_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"viewer_key" uuid NOT NULL,
	"account_id" uuid,
	"is_counted" boolean NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"sections" "int4multirange" NOT NULL,
	"watch_ms" integer NOT NULL,
	"gained_ms" integer NOT NULL,
	"position_ms" integer NOT NULL,
	"counted_at" timestamp with time zone,
	"device" "view_device" NOT NULL,
	"referrer" "view_referrer" NOT NULL,
	"country" text,
	CONSTRAINT "video_views_pkey" PRIMARY KEY("video_id","session_id")
) PARTITION BY RANGE ("session_id");
--> statement-breakpoint
CREATE TABLE "watch_history" (
	"user_id" uuid NOT NULL,
	"video_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"watched_at" timestamp with time zone NOT NULL,
	CONSTRAINT "watch_history_pkey" PRIMARY KEY("user_id","video_id")
);
--> statement-breakpoint
ALTER TABLE "preferences" ADD COLUMN "keeps_history" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "video_days" ADD CONSTRAINT "video_days_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_retention" ADD CONSTRAINT "video_retention_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_history" ADD CONSTRAINT "watch_history_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "watch_history" ADD CONSTRAINT "watch_history_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "video_days_day_idx" ON "video_days" USING btree ("day","video_id");--> statement-breakpoint
CREATE INDEX "video_views_account_idx" ON "video_views" USING btree ("account_id","session_id") WHERE "video_views"."account_id" is not null;--> statement-breakpoint
CREATE INDEX "watch_history_user_idx" ON "watch_history" USING btree ("user_id","watched_at","video_id");--> statement-breakpoint
CREATE INDEX "watch_history_video_id_idx" ON "watch_history" USING btree ("video_id");--> statement-breakpoint
-- The first UUIDv7 of an instant (RFC 9562, 5.7): 48 bits of milliseconds, then the least of everything else.
CREATE FUNCTION "first_uuid_of"(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
	SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
--> statement-breakpoint
-- Makes the monthly partitions of sessions from last month (a player may have begun in it) to `months_ahead` months from now,
-- and says how many it made. SECURITY DEFINER, because the program's role has no DDL rights; the caller chooses nothing but
-- the number. Room is left in pages, as a session is changed with every report.
CREATE FUNCTION "ensure_view_partitions"(months_ahead integer) RETURNS integer
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
	PERFORM pg_advisory_xact_lock(hashtext('ensure_view_partitions'));
	FOR i IN -1..months_ahead LOOP
		from_day := (first_day AT TIME ZONE 'UTC' + make_interval(months => i)) AT TIME ZONE 'UTC';
		partition_name := 'video_views_' || to_char(from_day AT TIME ZONE 'UTC', 'YYYYMM');
		IF to_regclass(partition_name) IS NULL THEN
			EXECUTE format(
				'CREATE TABLE %I PARTITION OF video_views FOR VALUES FROM (%L) TO (%L) WITH (fillfactor = 80)',
				partition_name, first_uuid_of(from_day),
				first_uuid_of((from_day AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
			made := made + 1;
		END IF;
	END LOOP;
	RETURN made;
END $$;
--> statement-breakpoint
SELECT "ensure_view_partitions"(3);
--> statement-breakpoint
-- Drops the partitions of sessions that are older than `months_kept` months, and says how many. Their numbers stay in
-- video_days. A year at least is kept, so that nobody who holds the program's role can empty the table by this.
CREATE FUNCTION "drop_view_partitions"(months_kept integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	dropped integer := 0;
	oldest text;
	partition_name text;
BEGIN
	IF months_kept NOT BETWEEN 12 AND 1200 THEN
		RAISE EXCEPTION 'months_kept must be between 12 and 1200';
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('ensure_view_partitions'));
	oldest := 'video_views_' || to_char(now() AT TIME ZONE 'UTC' - make_interval(months => months_kept), 'YYYYMM');
	FOR partition_name IN
		SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'video_views'::regclass AND c.relname < oldest
	LOOP
		EXECUTE format('ALTER TABLE video_views DETACH PARTITION %I', partition_name);
		EXECUTE format('DROP TABLE %I', partition_name);
		dropped := dropped + 1;
	END LOOP;
	RETURN dropped;
END $$;
