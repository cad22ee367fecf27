ALTER TABLE "logs"."saved_views" ADD COLUMN "view" text;--> statement-breakpoint
ALTER TABLE "logs"."saved_views" ADD COLUMN "chart" json DEFAULT '{}'::json NOT NULL;