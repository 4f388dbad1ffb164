CREATE TYPE "public"."confirmation_method" AS ENUM('sign_in', 'password', 'passkey', 'totp');--> statement-breakpoint
ALTER TYPE "public"."one_time_token_kind" ADD VALUE 'reset_password';--> statement-breakpoint
ALTER TYPE "public"."one_time_token_kind" ADD VALUE 'change_email';--> statement-breakpoint
ALTER TYPE "public"."one_time_token_kind" ADD VALUE 'undo_email';--> statement-breakpoint
CREATE TABLE "known_devices" (
	"id" text NOT NULL,
	"user_id" uuid NOT NULL,
	"last_used_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "known_devices_pkey" PRIMARY KEY("id","user_id")
);
--> statement-breakpoint
CREATE TABLE "phone_codes" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"phone" text NOT NULL,
	"code_hash" text NOT NULL,
	"tries_count" smallint DEFAULT 0 NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inbox_texts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "login_sessions_user_id_idx";--> statement-breakpoint
ALTER TABLE "credentials" ALTER COLUMN "email" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ALTER COLUMN "password_hash" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "password_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "phone" text;--> statement-breakpoint
ALTER TABLE "credentials" ADD COLUMN "phone_verified_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "is_lasting" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "network" text;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "last_used_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "confirmed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "login_sessions" ADD COLUMN "confirmed_by" "confirmation_method";--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "known_devices" ADD CONSTRAINT "known_devices_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "phone_codes" ADD CONSTRAINT "phone_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_devices_user_id_idx" ON "known_devices" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "known_devices_last_used_at_idx" ON "known_devices" USING btree ("last_used_at");--> statement-breakpoint
CREATE INDEX "phone_codes_expires_at_idx" ON "phone_codes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "inbox_texts_created_at_idx" ON "inbox_texts" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_phone_key" ON "credentials" USING btree ("phone");--> statement-breakpoint
CREATE INDEX "login_sessions_user_id_idx" ON "login_sessions" USING btree ("user_id","last_used_at");--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_contact" CHECK ("credentials"."email" is not null or "credentials"."phone" is not null);