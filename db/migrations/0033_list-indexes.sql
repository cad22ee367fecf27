CREATE INDEX "alert_incidents_told" ON "logs"."alert_incidents" USING btree ("alert_id","notified_at") WHERE alert_id is not null;--> statement-breakpoint
CREATE INDEX "alert_incidents_resolved" ON "logs"."alert_incidents" USING btree ("resolved_at");--> statement-breakpoint
CREATE INDEX "alert_silences_ends" ON "logs"."alert_silences" USING btree ("ends_at","id");--> statement-breakpoint
CREATE INDEX "job_executions_of_type" ON "logs"."job_executions" USING btree ("job_type","started_at");--> statement-breakpoint
CREATE INDEX "job_executions_running" ON "logs"."job_executions" USING btree ("job_type") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "job_executions_failed" ON "logs"."job_executions" USING btree ("started_at") WHERE status = 'failed';