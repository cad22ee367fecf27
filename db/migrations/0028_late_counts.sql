-- Late entries are added to hours and days at once from now on. Those that waited for a correction get it here; their patterns still wait.
INSERT INTO "logs"."stats_hour" AS known ("bucket", "service", "level", "count")
SELECT stale."bucket", minute."service", minute."level", sum(minute."count")
FROM "logs"."stats_stale" AS stale
JOIN "logs"."stats_minute" AS minute ON minute."bucket" >= stale."bucket" AND minute."bucket" < stale."bucket" + interval '1 hour'
WHERE stale."resolution" = 'hour'
GROUP BY stale."bucket", minute."service", minute."level"
ON CONFLICT ("bucket", "service", "level") DO UPDATE SET "count" = greatest(known."count", excluded."count");
--> statement-breakpoint
INSERT INTO "logs"."stats_day" AS known ("bucket", "service", "level", "count")
SELECT stale."day", hour."service", hour."level", sum(hour."count")
FROM (
  SELECT DISTINCT date_trunc('day', "bucket", 'UTC') AS "day" FROM "logs"."stats_stale"
) AS stale
JOIN "logs"."stats_hour" AS hour ON hour."bucket" >= stale."day" AND hour."bucket" < stale."day" + interval '1 day'
WHERE stale."day" < (SELECT "complete_until" FROM "logs"."stats_progress" WHERE "resolution" = 'day')
GROUP BY stale."day", hour."service", hour."level"
ON CONFLICT ("bucket", "service", "level") DO UPDATE SET "count" = greatest(known."count", excluded."count");
