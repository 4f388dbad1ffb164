CREATE TYPE "public"."export_state" AS ENUM('waiting', 'running', 'ready', 'failed');--> statement-breakpoint
CREATE TABLE "account_deletions" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"asked_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"erase_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone,
	"erased_at" timestamp with time zone,
	CONSTRAINT "account_deletions_started" CHECK ("account_deletions"."erased_at" is null or "account_deletions"."started_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "account_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"state" "export_state" NOT NULL,
	"stage" text DEFAULT '' NOT NULL,
	"percent" smallint DEFAULT 0 NOT NULL,
	"size_bytes" bigint,
	"expires_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_exports_percent" CHECK ("account_exports"."percent" between 0 and 100),
	CONSTRAINT "account_exports_ready" CHECK (("account_exports"."state" = 'ready') = ("account_exports"."size_bytes" is not null and "account_exports"."expires_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "reserved_handles" (
	"hash" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL,
	CONSTRAINT "reserved_handles_hash_form" CHECK (length("reserved_handles"."hash") = 64)
);
--> statement-breakpoint
ALTER TABLE "account_deletions" ADD CONSTRAINT "account_deletions_account_id_users_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_exports" ADD CONSTRAINT "account_exports_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_deletions_due_idx" ON "account_deletions" USING btree ("erase_at") WHERE "account_deletions"."erased_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "account_exports_unfinished_key" ON "account_exports" USING btree ("user_id") WHERE "account_exports"."state" <> 'ready';--> statement-breakpoint
CREATE INDEX "account_exports_user_id_idx" ON "account_exports" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "account_exports_expires_at_idx" ON "account_exports" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "reserved_handles_until_idx" ON "reserved_handles" USING btree ("until");--> statement-breakpoint
CREATE INDEX "chat_messages_author_idx" ON "chat_messages" USING btree ("author_id","sent_at","id");
