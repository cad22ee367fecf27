CREATE TABLE "logs"."alert_incident_redirects" (
	"id" bigint PRIMARY KEY NOT NULL,
	"incident_id" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "logs"."alert_incident_redirects" ADD CONSTRAINT "alert_incident_redirects_incident_id_alert_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "logs"."alert_incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_incident_redirects_incident" ON "logs"."alert_incident_redirects" USING btree ("incident_id");