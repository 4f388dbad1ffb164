CREATE TYPE "public"."sanction_kind" AS ENUM('suspended', 'banned');--> statement-breakpoint
CREATE TYPE "public"."upgrade_kind" AS ENUM('creator', 'advertiser');--> statement-breakpoint
CREATE TYPE "public"."upgrade_state" AS ENUM('pending', 'granted', 'refused');--> statement-breakpoint
ALTER TYPE "public"."broadcast_end_reason" ADD VALUE 'ended_by_staff';--> statement-breakpoint
CREATE TABLE "account_sanctions" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"kind" "sanction_kind" NOT NULL,
	"reason" text NOT NULL,
	"until" timestamp with time zone,
	"imposed_by" uuid,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "account_sanctions_not_oneself" CHECK ("account_sanctions"."account_id" <> "account_sanctions"."imposed_by"),
	CONSTRAINT "account_sanctions_ban_is_for_ever" CHECK ("account_sanctions"."kind" <> 'banned' or "account_sanctions"."until" is null)
);
--> statement-breakpoint
CREATE TABLE "account_upgrades" (
	"account_id" uuid NOT NULL,
	"kind" "upgrade_kind" NOT NULL,
	"state" "upgrade_state" NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"asked_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "account_upgrades_pkey" PRIMARY KEY("account_id","kind"),
	CONSTRAINT "account_upgrades_decided" CHECK (("account_upgrades"."state" = 'pending') = ("account_upgrades"."decided_at" is null))
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"hint" text NOT NULL,
	"scopes" text[] NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	CONSTRAINT "api_tokens_hash_form" CHECK (length("api_tokens"."hash") = 64),
	CONSTRAINT "api_tokens_some_scope" CHECK (cardinality("api_tokens"."scopes") > 0)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT date_trunc('milliseconds', now()) NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"before" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"after" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"network" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_sanctions" ADD CONSTRAINT "account_sanctions_account_id_users_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_sanctions" ADD CONSTRAINT "account_sanctions_imposed_by_users_id_fk" FOREIGN KEY ("imposed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account_upgrades" ADD CONSTRAINT "account_upgrades_account_id_users_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "account_sanctions_imposed_by_idx" ON "account_sanctions" USING btree ("imposed_by");--> statement-breakpoint
CREATE INDEX "account_upgrades_pending_idx" ON "account_upgrades" USING btree ("asked_at","account_id") WHERE "account_upgrades"."state" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash_key" ON "api_tokens" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "api_tokens_user_id_idx" ON "api_tokens" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "audit_log_at_idx" ON "audit_log" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_log_actor_idx" ON "audit_log" USING btree ("actor_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject_idx" ON "audit_log" USING btree ("subject_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_log_action_idx" ON "audit_log" USING btree ("action","at","id");--> statement-breakpoint
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;--> statement-breakpoint
CREATE TRIGGER "audit_log_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();--> statement-breakpoint
COMMENT ON TABLE "audit_log" IS 'append-only';
