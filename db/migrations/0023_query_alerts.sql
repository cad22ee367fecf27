CREATE TABLE "logs"."alert_following" (
	"id" integer PRIMARY KEY NOT NULL,
	"seen" text,
	"ahead" text[] NOT NULL,
	"seen_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_minutes" (
	"alert_id" bigint NOT NULL,
	"bucket" timestamptz NOT NULL,
	"groups" text NOT NULL,
	"cut" bigint NOT NULL,
	CONSTRAINT "alert_minutes_alert_id_bucket_pk" PRIMARY KEY("alert_id","bucket")
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_queries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_queries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"watch" text NOT NULL,
	"query" text NOT NULL,
	"of_lines" text NOT NULL,
	"share_by" text[] NOT NULL,
	"comparison" text NOT NULL,
	"threshold" double precision NOT NULL,
	"window_minutes" integer NOT NULL,
	"least_count" integer NOT NULL,
	"against" text,
	"change_in" text NOT NULL,
	"severity" text NOT NULL,
	"runbook_url" text,
	"quiet_hours" json,
	"resolve_after_minutes" integer NOT NULL,
	"notify_resolved" boolean NOT NULL,
	"remind_every_minutes" integer,
	"enabled" boolean NOT NULL,
	"created_at" timestamptz NOT NULL,
	"updated_at" timestamptz NOT NULL,
	"valid_from" timestamptz NOT NULL,
	"counted_from" timestamptz,
	"counted_in" text,
	"judged_until" timestamptz NOT NULL,
	"problem" text,
	CONSTRAINT "alert_queries_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_receivers" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."alert_receivers_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"config_id" bigint,
	"alert_id" bigint,
	"channel" text NOT NULL,
	"target" text NOT NULL,
	"format" text NOT NULL,
	"secret" text,
	"least_severity" text NOT NULL,
	CONSTRAINT "alert_receivers_of_one" CHECK (num_nonnulls(config_id, alert_id) = 1)
);
--> statement-breakpoint
CREATE TABLE "logs"."alert_windows" (
	"alert_id" bigint NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"group_key" text NOT NULL,
	"value" double precision NOT NULL,
	"threshold" double precision NOT NULL,
	"incident_id" bigint,
	CONSTRAINT "alert_windows_alert_id_ends_at_group_key_pk" PRIMARY KEY("alert_id","ends_at","group_key")
);
--> statement-breakpoint
DROP INDEX "logs"."alert_incidents_open";--> statement-breakpoint
ALTER TABLE "logs"."alert_configs" ADD COLUMN "except_services" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."alert_configs" ADD COLUMN "runbook_url" text;--> statement-breakpoint
ALTER TABLE "logs"."alert_configs" ADD COLUMN "quiet_hours" json;--> statement-breakpoint
ALTER TABLE "logs"."alert_deliveries" ADD COLUMN "receiver_id" bigint;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "alert_id" bigint;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "group_key" text;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "watched" json;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "severity" text DEFAULT 'error' NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."alert_silences" ADD COLUMN "alert_id" bigint;--> statement-breakpoint
ALTER TABLE "logs"."alert_thresholds" ADD COLUMN "except_services" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."alert_minutes" ADD CONSTRAINT "alert_minutes_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_receivers" ADD CONSTRAINT "alert_receivers_config_id_alert_configs_id_fk" FOREIGN KEY ("config_id") REFERENCES "logs"."alert_configs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_receivers" ADD CONSTRAINT "alert_receivers_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_windows" ADD CONSTRAINT "alert_windows_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_windows" ADD CONSTRAINT "alert_windows_incident_id_alert_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "logs"."alert_incidents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_minutes_bucket" ON "logs"."alert_minutes" USING btree ("bucket");--> statement-breakpoint
CREATE INDEX "alert_receivers_config" ON "logs"."alert_receivers" USING btree ("config_id");--> statement-breakpoint
CREATE INDEX "alert_receivers_alert" ON "logs"."alert_receivers" USING btree ("alert_id");--> statement-breakpoint
CREATE INDEX "alert_windows_incident" ON "logs"."alert_windows" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "alert_windows_ends" ON "logs"."alert_windows" USING btree ("ends_at");--> statement-breakpoint
ALTER TABLE "logs"."alert_deliveries" ADD CONSTRAINT "alert_deliveries_receiver_id_alert_receivers_id_fk" FOREIGN KEY ("receiver_id") REFERENCES "logs"."alert_receivers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD CONSTRAINT "alert_incidents_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "logs"."alert_silences" ADD CONSTRAINT "alert_silences_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "alert_incidents_open_query" ON "logs"."alert_incidents" USING btree ("alert_id","group_key") WHERE resolved_at is null and kind = 'query';--> statement-breakpoint
CREATE INDEX "alert_incidents_alert" ON "logs"."alert_incidents" USING btree ("alert_id","group_key","last_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_incidents_open" ON "logs"."alert_incidents" USING btree ("service","kind",coalesce(pattern, 0)) WHERE resolved_at is null and kind <> 'query';