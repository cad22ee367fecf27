import { sql } from "drizzle-orm";
import { addMs, DAY_MS, HOUR_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { dayOf, listPartitions, partitionName } from "./partitions";

/** A day counts as closed so long after its end: what comes later has to keep the indexes up to date itself. */
const CLOSED_AFTER_MS = 2 * HOUR_MS;

/** Names of a partition's indexes end like this. Their expressions are those of core/search. */
const INDEXES = {
  time: sql.raw("(timestamp, id)"),
  words: sql.raw('using gin (lower(message collate "pg_c_utf8") gin_trgm_ops)'),
} as const;

type IndexKind = keyof typeof INDEXES;

export type IndexResult = { indexed_days: string[] };

/**
 * Gives each closed day the indexes that search wants and that would make ingest slow (design section 4): built in bulk,
 * without keeping writers out. One that was interrupted is built anew, so the job can be killed at any time.
 */
export async function indexPartitions({ db, clock }: Context): Promise<IndexResult> {
  const closed = (await listPartitions(db)).filter((day) => addMs(day, DAY_MS + CLOSED_AFTER_MS) <= clock.now());
  const indexed: string[] = [];
  // The latest first: it is what people search most.
  for (const day of closed.reverse()) {
    let isNew = false;
    for (const kind of ["time", "words"] as const) isNew = (await buildIndex(db, day, kind)) || isNew;
    if (isNew) indexed.push(day.toISOString().slice(0, 10));
  }
  return { indexed_days: indexed };
}

/** @returns false when it was there */
async function buildIndex(db: Context["db"], day: Date, kind: IndexKind): Promise<boolean> {
  const name = `${partitionName(day)}_${kind}`;
  const existing = await db.execute<{ valid: boolean }>(sql`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(${`logs.${name}`})`);
  if (existing.rows[0]?.valid) return false;
  if (existing.rows[0]) await db.execute(sql`drop index concurrently logs.${sql.identifier(name)}`);
  await db.execute(
    sql`create index concurrently ${sql.identifier(name)} on logs.${sql.identifier(partitionName(day))} ${INDEXES[kind]}`,
  );
  // Statistics of the expression, without which the planner can't tell a rare word from a common one.
  if (kind === "words") await db.execute(sql`analyze logs.${sql.identifier(partitionName(day))}`);
  return true;
}

/** The days whose entries can be found by their words, as ms since 1970. */
export async function listIndexedDays(db: Executor): Promise<Set<number>> {
  const result = await db.execute<{ name: string }>(sql`
    select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
    join pg_index on pg_index.indrelid = child.oid and indisvalid and indexrelid = to_regclass('logs.' || child.relname || '_words')
    where inhparent = 'logs.logs'::regclass`);
  return new Set(result.rows.map(({ name }) => dayOf(name).getTime()));
}
