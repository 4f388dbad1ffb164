ALTER TABLE "video_runs" ADD COLUMN "cut_start_ms" integer;--> statement-breakpoint
ALTER TABLE "video_runs" ADD COLUMN "cut_end_ms" integer;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "cut_start_ms" integer;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "whole_ms" integer;--> statement-breakpoint
ALTER TABLE "video_runs" ADD CONSTRAINT "video_runs_cut" CHECK (("video_runs"."cut_start_ms" is null) = ("video_runs"."cut_end_ms" is null) and "video_runs"."cut_start_ms" >= 0 and "video_runs"."cut_end_ms" > "video_runs"."cut_start_ms");--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_cut" CHECK (("videos"."cut_start_ms" is null) = ("videos"."whole_ms" is null) and "videos"."cut_start_ms" >= 0 and "videos"."whole_ms" > "videos"."cut_start_ms");