ALTER TABLE "logs"."segments" ADD COLUMN "hidden" json;--> statement-breakpoint
ALTER TABLE "logs"."segments" ADD COLUMN "hidden_rows" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."segments" ADD COLUMN "hidden_since" timestamptz;