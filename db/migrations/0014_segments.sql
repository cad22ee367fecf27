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
-- One level of partitions: the parts of days become partitions themselves. What they hold is sealed by the job from now on.
DO $$
DECLARE
  day record;
  part record;
BEGIN
  FOR day IN
    SELECT child.oid, child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
    WHERE inhparent = 'logs.logs'::regclass AND child.relkind = 'p'
  LOOP
    EXECUTE format('ALTER TABLE logs.logs DETACH PARTITION logs.%I', day.relname);
    FOR part IN
      SELECT child.relname, pg_get_expr(child.relpartbound, child.oid) AS bounds
      FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid WHERE inhparent = day.oid
    LOOP
      EXECUTE format('ALTER TABLE logs.%I DETACH PARTITION logs.%I', day.relname, part.relname);
      EXECUTE format('ALTER TABLE logs.logs ATTACH PARTITION logs.%I %s', part.relname, part.bounds);
    END LOOP;
    EXECUTE format('DROP TABLE logs.%I', day.relname);
  END LOOP;
END
$$;
--> statement-breakpoint
-- Of a job that there is no more.
DELETE FROM logs.job_executions WHERE job_type = 'index-partitions';
