CREATE TABLE "logs"."segment_blocks" (
	"segment" bigint NOT NULL,
	"number" integer NOT NULL,
	"first_timestamp" timestamptz NOT NULL,
	"last_timestamp" timestamptz NOT NULL,
	"rows" integer NOT NULL,
	"words" "bytea" NOT NULL,
	CONSTRAINT "segment_blocks_segment_number_pk" PRIMARY KEY("segment","number")
);
--> statement-breakpoint
CREATE TABLE "logs"."segments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "logs"."segments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"path" text NOT NULL,
	"first_timestamp" timestamptz NOT NULL,
	"last_timestamp" timestamptz NOT NULL,
	"rows" integer NOT NULL,
	"bytes" bigint NOT NULL,
	"checksum" text NOT NULL,
	"content_sum" text NOT NULL,
	"format_version" smallint NOT NULL,
	"services" text[],
	"levels" "logs"."level"[] NOT NULL,
	"created_at" timestamptz NOT NULL,
	CONSTRAINT "segments_path_unique" UNIQUE("path")
);
--> statement-breakpoint
ALTER TABLE "logs"."segment_blocks" ADD CONSTRAINT "segment_blocks_segment_segments_id_fk" FOREIGN KEY ("segment") REFERENCES "logs"."segments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "segments_last_timestamp" ON "logs"."segments" USING btree ("last_timestamp","first_timestamp");--> statement-breakpoint
-- Of a job that there is no more.
DELETE FROM logs.job_executions WHERE job_type = 'index-partitions';
