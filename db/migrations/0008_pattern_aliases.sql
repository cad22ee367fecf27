CREATE TABLE "logs"."pattern_aliases" (
	"pattern" bigint PRIMARY KEY NOT NULL,
	"canonical" bigint NOT NULL,
	"reason" text NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"created_at" timestamptz NOT NULL
);
--> statement-breakpoint
ALTER TABLE "logs"."patterns" ADD COLUMN "rules_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "logs"."patterns" ADD COLUMN "muted_at" timestamptz;--> statement-breakpoint
CREATE INDEX "pattern_aliases_canonical" ON "logs"."pattern_aliases" USING btree ("canonical");