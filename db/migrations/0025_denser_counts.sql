-- A row of a minute is written at every batch of the minute, into the same page where there is room (HOT): a fifth of the page is enough, as
-- what is over is pruned when the page is used next. With half of it free, most of the table was room that nobody needed after the minute.
ALTER TABLE "logs"."stats_minute" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "logs"."pattern_minute" SET (fillfactor = 80);
