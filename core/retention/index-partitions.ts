import { sql } from "drizzle-orm";
import { addMs, MINUTE_MS } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { listParts, type Part, partOf } from "./partitions";

/** A part counts as closed so long after its end: what comes later has to keep the indexes up to date itself. */
const CLOSED_AFTER_MS = 15 * MINUTE_MS;

/** Names of a part's indexes end like this. Their expressions and conditions are those of core/search. */
const INDEXES = {
  time: sql.raw("(timestamp, id)"),
  severe: sql.raw("(service, level, timestamp, id) where level >= 'warning'"),
  patterns: sql.raw("(pattern)"),
  words: sql.raw('using gin (lower(message collate "pg_c_utf8") gin_trgm_ops)'),
} as const;

type IndexKind = keyof typeof INDEXES;

/** `words` is the last, so a part that has it has them all. */
const KINDS = ["time", "severe", "patterns", "words"] as const satisfies readonly IndexKind[];

export type IndexResult = { indexed: string[] };

/**
 * Gives each closed part the indexes that search wants and that would make ingest slow (design section 4): built in bulk,
 * without keeping writers out. One that was interrupted is built anew, so the job can be killed at any time.
 * @returns names of the tables that got an index
 */
export async function indexPartitions({ db, clock }: Context): Promise<IndexResult> {
  const closed = (await listParts(db)).filter(({ to }) => addMs(to, CLOSED_AFTER_MS) <= clock.now());
  const indexed: string[] = [];
  // The latest first: it is what people search most.
  for (const part of closed.reverse()) {
    let isNew = false;
    for (const kind of KINDS) isNew = (await buildIndex(db, part, kind)) || isNew;
    if (isNew) indexed.push(part.name);
  }
  return { indexed };
}

/** @returns false when it was there */
async function buildIndex(db: Context["db"], part: Part, kind: IndexKind): Promise<boolean> {
  const name = `${part.name}_${kind}`;
  const existing = await db.execute<{ valid: boolean }>(sql`
    select indisvalid as valid from pg_index where indexrelid = to_regclass(${`logs.${name}`})`);
  if (existing.rows[0]?.valid) return false;
  if (existing.rows[0]) await db.execute(sql`drop index concurrently logs.${sql.identifier(name)}`);
  await db.execute(
    sql`create index concurrently ${sql.identifier(name)} on logs.${sql.identifier(part.name)} ${INDEXES[kind]}`,
  );
  // Statistics of the expression, without which the planner can't tell a rare word from a common one.
  if (kind === "words") await db.execute(sql`analyze logs.${sql.identifier(part.name)}`);
  return true;
}

/** The parts whose entries can be found by their words, oldest first. */
export async function listIndexedParts(db: Executor): Promise<Part[]> {
  const result = await db.execute<{ name: string }>(sql`
    select relname as name from pg_partition_tree('logs.logs') as part join pg_class on pg_class.oid = part.relid
    join pg_index on indrelid = relid and indisvalid and indexrelid = to_regclass('logs.' || relname || '_words')
    where isleaf order by relname`);
  return result.rows.map(({ name }) => partOf(name));
}
