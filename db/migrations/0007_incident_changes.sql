-- Whatever changes an incident, watchers learn of it: the transaction is noted, by which they find what they have not seen,
-- and every instance is told which incident it is.
CREATE FUNCTION "logs"."note_incident_change"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id();
  IF TG_OP = 'INSERT' THEN
    NEW.opened_in := NEW.changed_in;
  END IF;
  PERFORM pg_notify('cordwood_alerts', NEW.id::text);
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "note_change" BEFORE INSERT OR UPDATE ON "logs"."alert_incidents"
FOR EACH ROW EXECUTE FUNCTION "logs"."note_incident_change"();
