CREATE TYPE "public"."caption_kind" AS ENUM('subtitles', 'captions');--> statement-breakpoint
CREATE TYPE "public"."chunk_state" AS ENUM('waiting', 'done');--> statement-breakpoint
CREATE TYPE "public"."upload_state" AS ENUM('receiving', 'complete', 'expired');--> statement-breakpoint
CREATE TYPE "public"."video_run_state" AS ENUM('uploading', 'processing', 'ready', 'failed');--> statement-breakpoint
CREATE TYPE "public"."video_state" AS ENUM('draft', 'uploading', 'processing', 'ready', 'failed');--> statement-breakpoint
CREATE TYPE "public"."video_visibility" AS ENUM('public', 'unlisted', 'followers', 'subscribers', 'paid', 'private');--> statement-breakpoint
CREATE TABLE "video_audio_tracks" (
	"run_id" uuid NOT NULL,
	"position" smallint NOT NULL,
	"language" text,
	"label" text NOT NULL,
	"channels" smallint NOT NULL,
	"bitrate_bps" integer NOT NULL,
	"is_default" boolean NOT NULL,
	"record" jsonb,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "video_audio_tracks_pkey" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
CREATE TABLE "video_captions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"video_id" uuid NOT NULL,
	"language" text NOT NULL,
	"label" text NOT NULL,
	"kind" "caption_kind" NOT NULL,
	"key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "video_chapters" (
	"video_id" uuid NOT NULL,
	"start_ms" integer NOT NULL,
	"title" text NOT NULL,
	CONSTRAINT "video_chapters_pkey" PRIMARY KEY("video_id","start_ms"),
	CONSTRAINT "video_chapters_start" CHECK ("video_chapters"."start_ms" >= 0),
	CONSTRAINT "video_chapters_title_length" CHECK (char_length("video_chapters"."title") between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "video_chunks" (
	"run_id" uuid NOT NULL,
	"rung_set" text NOT NULL,
	"index" integer NOT NULL,
	"state" "chunk_state" NOT NULL,
	"rank" smallint NOT NULL,
	"weight" integer NOT NULL,
	"claimed_until" timestamp with time zone,
	"failures" smallint DEFAULT 0 NOT NULL,
	"records" jsonb,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "video_chunks_pkey" PRIMARY KEY("run_id","rung_set","index"),
	CONSTRAINT "video_chunks_done" CHECK (("video_chunks"."state" = 'done') = ("video_chunks"."records" is not null)),
	CONSTRAINT "video_chunks_index" CHECK ("video_chunks"."index" >= 0 and "video_chunks"."weight" > 0)
);
--> statement-breakpoint
CREATE TABLE "video_renditions" (
	"run_id" uuid NOT NULL,
	"rung" text NOT NULL,
	"width" integer NOT NULL,
	"height" integer NOT NULL,
	"fps" real NOT NULL,
	"bitrate_bps" integer NOT NULL,
	"codec" text,
	"size_bytes" bigint,
	"ready_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "video_renditions_pkey" PRIMARY KEY("run_id","rung"),
	CONSTRAINT "video_renditions_pixels" CHECK ("video_renditions"."width" > 0 and "video_renditions"."height" > 0),
	CONSTRAINT "video_renditions_whole" CHECK ("video_renditions"."ready_at" is null or "video_renditions"."size_bytes" is not null)
);
--> statement-breakpoint
CREATE TABLE "video_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"video_id" uuid NOT NULL,
	"state" "video_run_state" NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"percent" smallint DEFAULT 0 NOT NULL,
	"file_name" text NOT NULL,
	"source_key" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"failure_code" text,
	"failure_message" text,
	"plan" jsonb,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "video_runs_percent" CHECK ("video_runs"."percent" between 0 and 100),
	CONSTRAINT "video_runs_size" CHECK ("video_runs"."size_bytes" > 0),
	CONSTRAINT "video_runs_failure" CHECK (("video_runs"."state" = 'failed') = ("video_runs"."failure_code" is not null and "video_runs"."failure_message" is not null))
);
--> statement-breakpoint
CREATE TABLE "video_uploads" (
	"run_id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"state" "upload_state" NOT NULL,
	"size_bytes" bigint NOT NULL,
	"offset_bytes" bigint DEFAULT 0 NOT NULL,
	"sha256" text,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "video_uploads_offset" CHECK ("video_uploads"."offset_bytes" between 0 and "video_uploads"."size_bytes"),
	CONSTRAINT "video_uploads_sha256_form" CHECK ("video_uploads"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"category" text DEFAULT 'other' NOT NULL,
	"language" text,
	"visibility" "video_visibility" DEFAULT 'private' NOT NULL,
	"state" "video_state" NOT NULL,
	"published_at" timestamp with time zone,
	"scheduled_for" timestamp with time zone,
	"is_age_restricted" boolean DEFAULT false NOT NULL,
	"allowed_countries" text[] DEFAULT '{}' NOT NULL,
	"denied_countries" text[] DEFAULT '{}' NOT NULL,
	"are_comments_on" boolean DEFAULT true NOT NULL,
	"run_id" uuid,
	"next_run_id" uuid,
	"duration_ms" integer,
	"width" integer,
	"height" integer,
	"fps" real,
	"thumbhash" text,
	"poster_choice" smallint,
	"poster_id" uuid,
	"views_count" bigint DEFAULT 0 NOT NULL,
	"likes_count" integer DEFAULT 0 NOT NULL,
	"watch_ms" bigint DEFAULT 0 NOT NULL,
	"is_short" boolean GENERATED ALWAYS AS (coalesce(duration_ms <= 60000 and height >= width, false)) STORED NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "videos_title_length" CHECK (char_length("videos"."title") between 1 and 120),
	CONSTRAINT "videos_description_length" CHECK (char_length("videos"."description") <= 5000),
	CONSTRAINT "videos_tags_count" CHECK (cardinality("videos"."tags") <= 20),
	CONSTRAINT "videos_countries_one_way" CHECK ("videos"."allowed_countries" = '{}' or "videos"."denied_countries" = '{}'),
	CONSTRAINT "videos_ready_has_run" CHECK ("videos"."state" <> 'ready' or ("videos"."duration_ms" is not null and "videos"."width" is not null and "videos"."height" is not null)),
	CONSTRAINT "videos_counts" CHECK ("videos"."views_count" >= 0 and "videos"."likes_count" >= 0 and "videos"."watch_ms" >= 0)
);
--> statement-breakpoint
ALTER TABLE "video_audio_tracks" ADD CONSTRAINT "video_audio_tracks_run_id_video_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."video_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_captions" ADD CONSTRAINT "video_captions_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_chapters" ADD CONSTRAINT "video_chapters_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_chunks" ADD CONSTRAINT "video_chunks_run_id_video_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."video_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_renditions" ADD CONSTRAINT "video_renditions_run_id_video_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."video_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_runs" ADD CONSTRAINT "video_runs_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_uploads" ADD CONSTRAINT "video_uploads_run_id_video_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."video_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "video_uploads" ADD CONSTRAINT "video_uploads_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_run_id_video_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."video_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_next_run_id_video_runs_id_fk" FOREIGN KEY ("next_run_id") REFERENCES "public"."video_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "video_audio_tracks_default_key" ON "video_audio_tracks" USING btree ("run_id") WHERE "video_audio_tracks"."is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "video_captions_language_key" ON "video_captions" USING btree ("video_id","language","kind");--> statement-breakpoint
CREATE INDEX "video_chunks_waiting_idx" ON "video_chunks" USING btree ("run_id","rank","index") WHERE "video_chunks"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "video_runs_video_id_idx" ON "video_runs" USING btree ("video_id","created_at");--> statement-breakpoint
CREATE INDEX "video_uploads_owner_id_idx" ON "video_uploads" USING btree ("owner_id","state");--> statement-breakpoint
CREATE INDEX "video_uploads_expires_at_idx" ON "video_uploads" USING btree ("expires_at") WHERE "video_uploads"."state" = 'receiving';--> statement-breakpoint
CREATE INDEX "videos_owner_id_idx" ON "videos" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "videos_owner_updated_idx" ON "videos" USING btree ("owner_id","updated_at");--> statement-breakpoint
CREATE INDEX "videos_channel_idx" ON "videos" USING btree ("owner_id","published_at","id") WHERE "videos"."state" = 'ready' and "videos"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "videos_public_idx" ON "videos" USING btree ("published_at","id") WHERE "videos"."state" = 'ready' and "videos"."visibility" = 'public' and "videos"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "videos_shorts_idx" ON "videos" USING btree ("published_at","id") WHERE "videos"."is_short" and "videos"."state" = 'ready' and "videos"."visibility" = 'public' and "videos"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "videos_run_id_idx" ON "videos" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "videos_next_run_id_idx" ON "videos" USING btree ("next_run_id");--> statement-breakpoint
CREATE INDEX "videos_deleted_at_idx" ON "videos" USING btree ("deleted_at") WHERE "videos"."deleted_at" is not null;