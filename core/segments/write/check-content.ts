import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Duck } from "../duck";

/** What of all entries has to be the same in their file: how many there are, sums of numbers, and bytes of texts. */
export type Totals = {
  rows: number;
  ids: bigint;
  micros: bigint;
  patterns: bigint;
  services: number;
  levels: number;
  messages: number;
  attributes: number;
};

/** How long an entry is as text, in UTF-8, with a time such as 2026-01-31T09:30:00.000000Z: what it is without any store around it. */
const TEXT_BYTES = `27 + strlen(service) + strlen(level) + strlen(message) + coalesce(strlen(array_to_string(tags, ',')), 0)
  + coalesce(strlen(attributes), 0)`;

const whole = z.string().transform(BigInt);
const hashSchema = z.object({ rows: z.bigint(), hash: whole });
const contentSchema = hashSchema.extend({
  ids: whole,
  micros: whole,
  patterns: whole,
  services: whole,
  levels: whole,
  messages: whole,
  attributes: whole,
  textBytes: whole,
});

const sumOf = (value: string, name: string) => `coalesce(sum(${value}), 0)::varchar as "${name}"`;

/** Over all columns, in whatever order entries come. Of this process: another DuckDB may have another hash. */
const HASH = sql.raw(`count(*) as rows,
  ${sumOf('hash(id, "timestamp", service, level, message, pattern, tags, attributes)::hugeint', "hash")}`);

const CONTENT = sql.raw(
  [
    sumOf("id", "ids"),
    sumOf('epoch_us("timestamp")', "micros"),
    sumOf("pattern", "patterns"),
    sumOf("strlen(service)", "services"),
    sumOf("strlen(level)", "levels"),
    sumOf("strlen(message)", "messages"),
    sumOf("strlen(attributes)", "attributes"),
    sumOf(TEXT_BYTES, "textBytes"),
  ].join(", "),
);

/** How many entries a table of DuckDB has, and a sum of their hashes. */
export async function hashOf(duck: Duck, entries: SQL): Promise<{ rows: bigint; hash: bigint }> {
  const [found] = await duck.read(sql`select ${HASH} from ${entries}`, hashSchema);
  return found ?? { rows: 0n, hash: 0n };
}

/**
 * Compares entries that were written with those that they were made of.
 * @param totals of what was read, taken down before it was staged
 * @returns how long the entries are as text
 * @throws Error when they are not the same
 */
export async function checkContent(duck: Duck, staged: SQL, written: SQL, totals: Totals): Promise<number> {
  const source = await hashOf(duck, staged);
  const [found] = await duck.read(sql`select ${HASH}, ${CONTENT} from ${written}`, contentSchema);
  if (!found) throw new Error("a segment's file has nothing");
  const expected = { ...totals, ...source };
  for (const [name, value] of Object.entries(expected)) {
    const is = z.record(z.string(), z.bigint()).parse(found)[name];
    if (is !== BigInt(value)) throw new Error(`of the segment's file ${name} is ${is} where it should be ${value}`);
  }
  if (source.rows !== BigInt(totals.rows)) {
    throw new Error(`${source.rows} entries were staged where there should be ${totals.rows}`);
  }
  return Number(found.textBytes);
}
