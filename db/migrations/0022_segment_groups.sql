CREATE TABLE "logs"."segment_groups" (
	"segment" bigint NOT NULL,
	"key" text NOT NULL,
	"groups" text NOT NULL,
	"bytes" integer NOT NULL,
	"used_at" timestamptz NOT NULL,
	CONSTRAINT "segment_groups_segment_key_pk" PRIMARY KEY("segment","key")
);
--> statement-breakpoint
ALTER TABLE "logs"."segment_groups" ADD CONSTRAINT "segment_groups_segment_segments_id_fk" FOREIGN KEY ("segment") REFERENCES "logs"."segments"("id") ON DELETE cascade ON UPDATE no action;