import { type SQL, sql } from "drizzle-orm";

const COLUMNS = sql`id, first_at, last_at, coalesce(crossed_at, last_at) as crossed_at, resolved_at`;

type Columns = Record<"service" | "kind" | "pattern" | "from" | "to", SQL>;

/**
 * SQL of the incidents of a subject that are open, or that reach into the time from `from` to `to`, both inclusive; not of the kind
 * `query`. It is two parts, each with an index of its own, as one condition for both would read the subject's whole history.
 */
export const nearIncidents = ({ service, kind, pattern, from, to }: Columns): SQL => {
  const ofSubject = sql`service = ${service} and kind = ${kind} and kind <> 'query' and coalesce(pattern, 0) = coalesce(${pattern}, 0)`;
  return sql`(
    select ${COLUMNS} from logs.alert_incidents where ${ofSubject} and resolved_at is null
    union all
    select ${COLUMNS} from logs.alert_incidents
    where ${ofSubject} and resolved_at is not null and last_at >= ${from} and first_at <= ${to})`;
};
