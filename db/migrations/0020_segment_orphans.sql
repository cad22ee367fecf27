CREATE TABLE "logs"."segment_orphans" (
	"path" text PRIMARY KEY NOT NULL,
	"found_at" timestamptz NOT NULL
);
