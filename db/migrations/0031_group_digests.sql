DROP INDEX "logs"."alert_incidents_open_query";--> statement-breakpoint
DROP INDEX "logs"."alert_incidents_alert";--> statement-breakpoint
ALTER TABLE "logs"."alert_windows" DROP CONSTRAINT "alert_windows_alert_id_ends_at_group_key_pk";--> statement-breakpoint
CREATE UNIQUE INDEX "alert_windows_group" ON "logs"."alert_windows" USING btree ("alert_id","ends_at",md5(group_key));--> statement-breakpoint
CREATE UNIQUE INDEX "alert_incidents_open_query" ON "logs"."alert_incidents" USING btree ("alert_id",md5(group_key)) WHERE resolved_at is null and kind = 'query';--> statement-breakpoint
CREATE INDEX "alert_incidents_alert" ON "logs"."alert_incidents" USING btree ("alert_id",md5(group_key),"last_at");