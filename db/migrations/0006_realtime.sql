CREATE TABLE "logs"."ingest_commits" (
	"transaction" "xid8" PRIMARY KEY NOT NULL,
	"rows" bigint NOT NULL,
	"first_timestamp" timestamptz NOT NULL,
	"last_timestamp" timestamptz NOT NULL,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
CREATE TABLE "logs"."saved_views" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."saved_views_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"query" text NOT NULL,
	"range" text,
	"from_time" timestamptz,
	"to_time" timestamptz,
	"columns" text[] NOT NULL,
	"created_at" timestamptz NOT NULL,
	"updated_at" timestamptz NOT NULL,
	CONSTRAINT "saved_views_name_unique" UNIQUE("name")
);
--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "opened_in" "xid8";--> statement-breakpoint
ALTER TABLE "logs"."alert_incidents" ADD COLUMN "changed_in" "xid8";--> statement-breakpoint
CREATE INDEX "alert_incidents_changed" ON "logs"."alert_incidents" USING btree ("changed_in");