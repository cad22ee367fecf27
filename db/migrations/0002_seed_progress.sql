-- Nothing is rolled up yet: from 1970 on, which is before every entry.
INSERT INTO "logs"."stats_progress" ("resolution", "complete_until") VALUES ('hour', to_timestamp(0)), ('day', to_timestamp(0));
--> statement-breakpoint
-- A minute's rows are updated many times while the minute lasts: free space on their page lets PostgreSQL do that in place.
ALTER TABLE "logs"."stats_minute" SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE "logs"."pattern_minute" SET (fillfactor = 70);
