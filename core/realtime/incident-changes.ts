import { sql } from "drizzle-orm";
import { z } from "zod";
import { listIncidents } from "@/core/alerts/incidents/list-incidents";
import { type Incident, incidentSchema } from "@/core/alerts/schemas";
import type { Context, Executor } from "@/core/context";
import { ONE_SNAPSHOT } from "@/core/snapshot";
import { durableSnapshot, readSnapshot, snapshotColumns, snapshotSchema } from "./durable-snapshot";

const INCIDENT_CHANGES = ["opened", "changed", "resolved"] as const;

/** What an `alert` event tells: what became of the incident since the one before, and how it is now. */
export const incidentChangeSchema = z.object({ change: z.enum(INCIDENT_CHANGES), incident: incidentSchema });

export type IncidentChange = z.infer<typeof incidentChangeSchema>;

const LAST = sql`(
  select last.changed_in::text from logs.alert_incidents as last where last.changed_in is not null
  order by last.changed_in desc limit 1)`;

const rowSchema = snapshotSchema.extend({ id: z.coerce.number().nullable(), opened: z.boolean().nullable() });

/** The snapshot that shows the changes which are committed now, to read changes since. */
export const changesSnapshot = (db: Executor): Promise<string> => readSnapshot(db, LAST);

/**
 * The incidents that were changed since a snapshot, each once, and the snapshot that shows them. They are as that snapshot
 * shows them: what becomes of them while they are read is a change of its own.
 * @param until only changes that this snapshot shows
 */
export const readIncidentChanges = (
  { db }: Context,
  seen: string,
  until?: string,
): Promise<{ snapshot: string; changes: IncidentChange[] }> =>
  db.transaction(async (transaction) => {
    const shown = until === undefined ? sql`` : sql`and pg_visible_in_snapshot(changed_in, ${until}::pg_snapshot)`;
    const result = await transaction.execute(sql`
        select ${snapshotColumns(LAST)}, id, opened from (select) as always left join (
          select id, not pg_visible_in_snapshot(opened_in, ${seen}::pg_snapshot) as opened from logs.alert_incidents
          where changed_in >= pg_snapshot_xmin(${seen}::pg_snapshot)
            and not pg_visible_in_snapshot(changed_in, ${seen}::pg_snapshot) ${shown}
        ) as changed on true order by id`);
    const rows = z.array(rowSchema).parse(result.rows);
    const opened = new Map(rows.flatMap((row) => (row.id === null ? [] : [[row.id, row.opened === true] as const])));
    const ids = [...opened.keys()];
    const incidents = ids.length === 0 ? [] : await listIncidents({ db: transaction }, { ids }, { limit: ids.length });
    return {
      snapshot: rows[0] ? durableSnapshot(rows[0]) : seen,
      changes: incidents.map((incident) => ({
        change: changeOf(incident, opened.get(incident.id) === true),
        incident,
      })),
    };
  }, ONE_SNAPSHOT);

function changeOf({ state }: Incident, isOpened: boolean): IncidentChange["change"] {
  if (state === "resolved") return "resolved";
  return isOpened ? "opened" : "changed";
}
