CREATE TABLE "logs"."alert_configs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_configs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"service" text NOT NULL,
	"error_threshold_per_min" integer NOT NULL,
	"warning_threshold_per_min" integer NOT NULL,
	"alert_email" text,
	"alert_webhook_url" text,
	"webhook_format" text NOT NULL,
	"webhook_secret" text,
	"resolve_after_minutes" integer NOT NULL,
	"notify_resolved" boolean NOT NULL,
	"remind_every_minutes" integer,
	"no_logs_minutes" integer,
	"enabled" boolean NOT NULL,
	"created_at" timestamptz NOT NULL,
	"updated_at" timestamptz NOT NULL,
	CONSTRAINT "alert_configs_service_unique" UNIQUE("service")
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_deliveries" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"channel" text NOT NULL,
	"target" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"created_at" timestamptz NOT NULL,
	"next_attempt_at" timestamptz NOT NULL,
	"delivered_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_incidents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_incidents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"service" text NOT NULL,
	"kind" text NOT NULL,
	"first_at" timestamptz NOT NULL,
	"last_at" timestamptz NOT NULL,
	"opened_at" timestamptz NOT NULL,
	"resolved_at" timestamptz,
	"acknowledged_at" timestamptz,
	"acknowledge_note" text,
	"notified_at" timestamptz,
	"reminded_at" timestamptz
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_progress" (
	"id" integer PRIMARY KEY NOT NULL,
	"checked_until" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_silences" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_silences_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"service" text,
	"kind" text,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_thresholds" (
	"service" text NOT NULL,
	"valid_from" timestamptz NOT NULL,
	"error_threshold" integer,
	"warning_threshold" integer,
	CONSTRAINT "alert_thresholds_service_valid_from_pk" PRIMARY KEY("service","valid_from")
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_violations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_violations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"current_count" bigint NOT NULL,
	"threshold_value" integer NOT NULL,
	"timestamp" timestamptz NOT NULL,
	"alert_sent_at" timestamptz,
	"incident_id" bigint
);
--> statement-breakpoint
ALTER TABLE "logs"."job_executions" ALTER COLUMN "scheduled_for" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."alert_deliveries" ADD CONSTRAINT "alert_deliveries_incident_id_alert_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "logs"."alert_incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_violations" ADD CONSTRAINT "alert_violations_incident_id_alert_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "logs"."alert_incidents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_deliveries_due" ON "logs"."alert_deliveries" USING btree ("next_attempt_at") WHERE status in ('pending', 'sending');--> statement-breakpoint
CREATE INDEX "alert_deliveries_incident" ON "logs"."alert_deliveries" USING btree ("incident_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_incidents_open" ON "logs"."alert_incidents" USING btree ("service","kind") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "alert_incidents_service" ON "logs"."alert_incidents" USING btree ("service","kind","last_at");--> statement-breakpoint
CREATE INDEX "alert_incidents_opened" ON "logs"."alert_incidents" USING btree ("opened_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_violations_minute" ON "logs"."alert_violations" USING btree ("service","level","timestamp");--> statement-breakpoint
CREATE INDEX "alert_violations_timestamp" ON "logs"."alert_violations" USING btree ("timestamp");--> statement-breakpoint
CREATE INDEX "alert_violations_incident" ON "logs"."alert_violations" USING btree ("incident_id");--> statement-breakpoint
-- Nothing has been judged yet; there is nothing to judge before the first configuration.
INSERT INTO "logs"."alert_progress" ("id", "checked_until") VALUES (1, to_timestamp(0));
