ALTER TYPE "public"."broadcast_visibility" ADD VALUE 'followers';--> statement-breakpoint
CREATE TABLE "channel_bans" (
	"stream_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"banned_by" uuid,
	"reason" text DEFAULT '' NOT NULL,
	"until" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "channel_bans_pkey" PRIMARY KEY("stream_id","account_id"),
	CONSTRAINT "channel_bans_not_oneself" CHECK ("channel_bans"."account_id" <> "channel_bans"."banned_by")
);
--> statement-breakpoint
ALTER TABLE "streams" ADD COLUMN "chat_hidden_up_to" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "channel_bans" ADD CONSTRAINT "channel_bans_stream_id_streams_id_fk" FOREIGN KEY ("stream_id") REFERENCES "public"."streams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_bans" ADD CONSTRAINT "channel_bans_account_id_users_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channel_bans" ADD CONSTRAINT "channel_bans_banned_by_users_id_fk" FOREIGN KEY ("banned_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "channel_bans_list_idx" ON "channel_bans" USING btree ("stream_id","created_at","account_id");--> statement-breakpoint
CREATE INDEX "channel_bans_account_id_idx" ON "channel_bans" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "channel_bans_banned_by_idx" ON "channel_bans" USING btree ("banned_by");--> statement-breakpoint
CREATE INDEX "broadcasts_ended_idx" ON "broadcasts" USING btree ("stream_id","ended_at") WHERE "broadcasts"."ended_at" is not null;