CREATE TABLE "logs"."pattern_services" (
	"pattern" bigint NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL,
	"unjudged" boolean NOT NULL,
	CONSTRAINT "pattern_services_pattern_service_pk" PRIMARY KEY("pattern","service")
);
--> statement-breakpoint
DROP INDEX "logs"."alert_incidents_open";--> statement-breakpoint
DROP INDEX "logs"."alert_violations_minute";--> statement-breakpoint
ALTER TABLE "logs"."alert_configs" ADD COLUMN "pattern_threshold_per_min" integer;--> statement-breakpoint
ALTER TABLE "logs"."alert_configs" ADD COLUMN "notify_new_patterns" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "pattern" bigint;--> statement-breakpoint
ALTER TABLE "logs"."alert_thresholds" ADD COLUMN "pattern_threshold" integer;--> statement-breakpoint
ALTER TABLE "logs"."alert_violations" ADD COLUMN "pattern" bigint;--> statement-breakpoint
CREATE INDEX "pattern_services_unjudged" ON "logs"."pattern_services" USING btree ("service") WHERE unjudged;--> statement-breakpoint
CREATE INDEX "pattern_services_service" ON "logs"."pattern_services" USING btree ("service","first_seen");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_incidents_open" ON "logs"."alert_incidents" USING btree ("service","kind",coalesce(pattern, 0)) WHERE resolved_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_violations_minute" ON "logs"."alert_violations" USING btree ("service","level","timestamp",coalesce(pattern, 0));--> statement-breakpoint
ALTER TABLE "logs"."patterns" DROP COLUMN "first_seen";
--> statement-breakpoint
INSERT INTO "logs"."pattern_services" ("pattern", "service", "level", "first_seen", "last_seen", "unjudged")
SELECT "pattern", "service", max("level"), min("first_seen"), max("last_seen"), false FROM (
	SELECT "pattern", "service", "level", "first_seen", "last_seen" FROM "logs"."pattern_minute"
	UNION ALL SELECT "pattern", "service", "level", "first_seen", "last_seen" FROM "logs"."pattern_hour"
	UNION ALL SELECT "pattern", "service", "level", "first_seen", "last_seen" FROM "logs"."pattern_day"
) AS "counted" WHERE "pattern" <> 0 GROUP BY "pattern", "service";
