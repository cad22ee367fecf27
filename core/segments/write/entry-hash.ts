import { type SQL, sql } from "drizzle-orm";
import type pg from "pg";
import { z } from "zod";
import type { Duck } from "../duck";

/** One text of all columns of an entry, the same in PostgreSQL and in DuckDB. */
const TEXT = "concat_ws('|', id, micros, service, level, message, pattern, array_to_string(tags, ','), attributes)";

/** Of up to so many entries all are compared, of more one in so many: making the texts takes PostgreSQL longer than all else. */
const FEW = 50_000;
const ONE_IN = 64;

const summed = z.object({ sum: z.string() });

/** The lower 60 bits of the MD5 (RFC 1321) of each, added up, as both can. */
const SUM_IN_POSTGRES = `select coalesce(sum(('x' || substr(md5(${TEXT}), 18))::bit(60)::bigint), 0)::text as sum`;
const SUM_IN_DUCKDB = `select coalesce(sum(('0x' || substr(md5(${TEXT}), 18))::bigint::hugeint), 0)::varchar as sum`;

/**
 * Compares entries in PostgreSQL and in files, each made into one text by either.
 * @param within which rows of logs.logs, as SQL @param written a table of DuckDB
 * @throws Error when they are not the same
 */
export async function compareEntries(
  client: pg.PoolClient,
  within: string,
  duck: Duck,
  written: SQL,
  rows: number,
): Promise<void> {
  const some = rows <= FEW ? "true" : `id % ${ONE_IN} = 0`;
  // Made once (offset 0). Doubles have more digits than microseconds until the year 2255.
  const read = await client.query(`${SUM_IN_POSTGRES} from (
    select (date_part('epoch', timestamp) * 1000000)::bigint as micros, id, service, level, message, pattern, tags, attributes::text
    from logs.logs where ${within} and ${some} offset 0) as entry`);
  const [expected] = z.tuple([summed]).parse(read.rows);
  const [found] = await duck.read(
    sql`${sql.raw(SUM_IN_DUCKDB)} from (select *, epoch_us("timestamp") as micros from ${written} where ${sql.raw(some)})`,
    summed,
  );
  if (found?.sum !== expected.sum) {
    throw new Error(`the entries of the segment have the sum ${found?.sum} where it should be ${expected.sum}`);
  }
}
