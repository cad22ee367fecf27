ALTER TABLE "logs"."alert_deliveries" ADD COLUMN "format" text;--> statement-breakpoint
ALTER TABLE "logs"."alert_deliveries" ADD COLUMN "secret" text;