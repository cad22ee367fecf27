CREATE TABLE "logs"."segment_checks" (
	"segment" bigint PRIMARY KEY NOT NULL,
	"checked_at" timestamptz NOT NULL,
	"problem" text
);
--> statement-breakpoint
ALTER TABLE "logs"."segment_checks" ADD CONSTRAINT "segment_checks_segment_segments_id_fk" FOREIGN KEY ("segment") REFERENCES "logs"."segments"("id") ON DELETE cascade ON UPDATE no action;