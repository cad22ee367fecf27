CREATE TABLE "logs"."alert_late_windows" (
	"alert_id" bigint NOT NULL,
	"ends_at" timestamptz NOT NULL,
	CONSTRAINT "alert_late_windows_alert_id_ends_at_pk" PRIMARY KEY("alert_id","ends_at")
);
--> statement-breakpoint
ALTER TABLE "logs"."alert_late_windows" ADD CONSTRAINT "alert_late_windows_alert_id_alert_queries_id_fk" FOREIGN KEY ("alert_id") REFERENCES "logs"."alert_queries"("id") ON DELETE cascade ON UPDATE no action;