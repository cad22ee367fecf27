CREATE SCHEMA "logs";
--> statement-breakpoint
CREATE TYPE "logs"."level" AS ENUM('trace', 'debug', 'info', 'warning', 'error', 'fatal');--> statement-breakpoint
CREATE TABLE "logs"."logs" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "logs"."logs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1000),
	"timestamp" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"message" text NOT NULL,
	"pattern" bigint,
	"tags" text[],
	"attributes" json
) PARTITION BY RANGE ("timestamp");
--> statement-breakpoint
CREATE TABLE "logs"."ingest_requests" (
	"idempotency_key" text PRIMARY KEY NOT NULL,
	"answer" json,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."job_executions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."job_executions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"job_type" text NOT NULL,
	"scheduled_for" timestamptz NOT NULL,
	"started_at" timestamptz NOT NULL,
	"completed_at" timestamptz,
	"status" text NOT NULL,
	"error_message" text,
	"result" json,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."pattern_day" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"pattern" bigint NOT NULL,
	"count" bigint NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL,
	CONSTRAINT "pattern_day_bucket_service_level_pattern_pk" PRIMARY KEY("bucket","service","level","pattern")
);
--> statement-breakpoint
CREATE TABLE "logs"."pattern_hour" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"pattern" bigint NOT NULL,
	"count" bigint NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL,
	CONSTRAINT "pattern_hour_bucket_service_level_pattern_pk" PRIMARY KEY("bucket","service","level","pattern")
);
--> statement-breakpoint
CREATE TABLE "logs"."pattern_minute" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"pattern" bigint NOT NULL,
	"count" bigint NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL,
	CONSTRAINT "pattern_minute_bucket_service_level_pattern_pk" PRIMARY KEY("bucket","service","level","pattern")
);
--> statement-breakpoint
CREATE TABLE "logs"."patterns" (
	"id" bigint PRIMARY KEY NOT NULL,
	"sample" text NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."services" (
	"name" text PRIMARY KEY NOT NULL,
	"first_seen" timestamptz NOT NULL,
	"last_seen" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."stats_day" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "stats_day_bucket_service_level_pk" PRIMARY KEY("bucket","service","level")
);
--> statement-breakpoint
CREATE TABLE "logs"."stats_hour" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "stats_hour_bucket_service_level_pk" PRIMARY KEY("bucket","service","level")
);
--> statement-breakpoint
CREATE TABLE "logs"."stats_minute" (
	"bucket" timestamptz NOT NULL,
	"service" text NOT NULL,
	"level" "logs"."level" NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "stats_minute_bucket_service_level_pk" PRIMARY KEY("bucket","service","level")
);
--> statement-breakpoint
CREATE TABLE "logs"."stats_progress" (
	"resolution" text PRIMARY KEY NOT NULL,
	"complete_until" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."stats_stale" (
	"resolution" text NOT NULL,
	"bucket" timestamptz NOT NULL,
	CONSTRAINT "stats_stale_resolution_bucket_pk" PRIMARY KEY("resolution","bucket")
);
--> statement-breakpoint
CREATE INDEX "logs_timestamp_brin" ON "logs"."logs" USING brin ("timestamp") WITH (pages_per_range=32,autosummarize=true);--> statement-breakpoint
CREATE UNIQUE INDEX "job_executions_tick" ON "logs"."job_executions" USING btree ("job_type","scheduled_for");--> statement-breakpoint
CREATE INDEX "job_executions_started" ON "logs"."job_executions" USING btree ("started_at");