import { eq } from "drizzle-orm";
import { type CanonicalPatterns, fieldsOf, readCanonicalPatterns, resolveAsked } from "@/core/analytics/resolve-stats";
import type { Context } from "@/core/context";
import { isFault } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { alertQueries } from "@/db/schema";
import { type AlertQuery, readAlertQuery } from "./read-alert-query";
import type { QueryWatch } from "./schemas";

/** Something that is computed of lines. */
export type Computed = {
  watch: QueryWatch;
  query: AlertQuery;
  canonical: CanonicalPatterns;
};

export type RunningAlert = Computed & {
  id: number;
  name: string;
  row: typeof alertQueries.$inferSelect;
};

/** As it is computed now: with patterns taken for those as which they count. */
export async function computedOf(db: Context["db"], watch: QueryWatch): Promise<Computed> {
  const read = readAlertQuery(watch);
  const whole = { from: new Date(0), to: new Date(0), allKeptFrom: new Date(0) };
  const { stats, after } = read;
  const resolved = await resolveAsked({ db }, { ...whole, query: read.query, pipeline: { stats, after } });
  const query = { ...read, query: resolved.query, stats: resolved.pipeline.stats };
  return { watch, query, canonical: await readCanonicalPatterns({ db }, fieldsOf(query.stats)) };
}

/** What a stored alert watches, as people set it. */
export const watchOf = (row: typeof alertQueries.$inferSelect): QueryWatch => ({
  watch: row.watch,
  query: row.query,
  of: row.ofLines,
  by: row.shareBy,
  comparison: row.comparison,
  threshold: row.threshold,
  window_minutes: row.windowMinutes,
  least_count: row.leastCount,
  against: row.against,
  change_in: row.changeIn,
  resolve_after_minutes: row.resolveAfterMinutes,
});

/** Nothing of it is read from the database: it stays the same for as long as the alert does. */
const isByItself = ({ query: { query, stats } }: Computed): boolean =>
  !JSON.stringify([query, stats]).includes('"name":"pattern"');

/** What is computed, by the id of an alert and what it watches as JSON. */
export type KnownAlerts = {
  computedOf(id: number, watch: string): Computed | undefined;
  rememberComputed(id: number, watch: string, computed: Computed): void;
};

/** Those that are on, and those of them whose queries can't be read any more, with the reason. */
export type LoadedAlerts = {
  alerts: RunningAlert[];
  unreadable: { row: RunningAlert["row"]; problem: string }[];
};

/**
 * Those that are switched on and not stopped, by their ids: at most LIMITS.queryAlerts. A query that can't be read any more, as its language has
 * changed, is told and holds up no other.
 * @param known what was computed of them before, which saves computing it
 */
export async function loadAlerts(db: Context["db"], known: KnownAlerts): Promise<LoadedAlerts> {
  const rows = await db
    .select()
    .from(alertQueries)
    .where(eq(alertQueries.enabled, true))
    .orderBy(alertQueries.id)
    .limit(LIMITS.queryAlerts);
  const loaded: LoadedAlerts = { alerts: [], unreadable: [] };
  for (const row of rows) {
    if (row.problem !== null) continue;
    const watch = watchOf(row);
    const key = JSON.stringify(watch);
    try {
      const computed = known.computedOf(row.id, key) ?? (await computedOf(db, watch));
      if (isByItself(computed)) known.rememberComputed(row.id, key, computed);
      loaded.alerts.push({ ...computed, id: row.id, name: row.name, row });
    } catch (error) {
      if (!isFault(error)) throw error;
      loaded.unreadable.push({ row, problem: error.message });
    }
  }
  return loaded;
}
