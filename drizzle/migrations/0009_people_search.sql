CREATE INDEX "credentials_email_prefix_idx" ON "credentials" USING btree ("email" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_handle_prefix_idx" ON "users" USING btree ("handle" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_name_prefix_idx" ON "users" USING btree (lower("display_name") text_pattern_ops);--> statement-breakpoint
CREATE INDEX "users_newest_idx" ON "users" USING btree (date_trunc('milliseconds', "created_at" at time zone 'UTC'),"id") WHERE "users"."deleted_at" is null;