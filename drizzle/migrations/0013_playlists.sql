CREATE TYPE "public"."playlist_kind" AS ENUM('own', 'watch_later');--> statement-breakpoint
CREATE TYPE "public"."playlist_visibility" AS ENUM('public', 'unlisted', 'private');--> statement-breakpoint
CREATE TABLE "playlist_items" (
	"playlist_id" uuid NOT NULL,
	"video_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "playlist_items_pkey" PRIMARY KEY("playlist_id","video_id"),
	CONSTRAINT "playlist_items_position" CHECK ("playlist_items"."position" > 0)
);
--> statement-breakpoint
CREATE TABLE "playlists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"kind" "playlist_kind" DEFAULT 'own' NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"visibility" "playlist_visibility" DEFAULT 'private' NOT NULL,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "playlists_title_length" CHECK (char_length("playlists"."title") <= 100 and ("playlists"."kind" <> 'own' or "playlists"."title" <> '')),
	CONSTRAINT "playlists_description_length" CHECK (char_length("playlists"."description") <= 1000),
	CONSTRAINT "playlists_watch_later_is_private" CHECK ("playlists"."kind" = 'own' or ("playlists"."visibility" = 'private' and "playlists"."deleted_at" is null))
);
--> statement-breakpoint
ALTER TABLE "playlist_items" ADD CONSTRAINT "playlist_items_playlist_id_playlists_id_fk" FOREIGN KEY ("playlist_id") REFERENCES "public"."playlists"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "playlist_items" ADD CONSTRAINT "playlist_items_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "playlists" ADD CONSTRAINT "playlists_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "playlist_items_position_idx" ON "playlist_items" USING btree ("playlist_id","position");--> statement-breakpoint
CREATE INDEX "playlist_items_video_id_idx" ON "playlist_items" USING btree ("video_id");--> statement-breakpoint
CREATE UNIQUE INDEX "playlists_watch_later_key" ON "playlists" USING btree ("owner_id") WHERE "playlists"."kind" = 'watch_later';--> statement-breakpoint
CREATE INDEX "playlists_owner_id_idx" ON "playlists" USING btree ("owner_id","created_at","id");--> statement-breakpoint
CREATE INDEX "playlists_deleted_at_idx" ON "playlists" USING btree ("deleted_at") WHERE "playlists"."deleted_at" is not null;