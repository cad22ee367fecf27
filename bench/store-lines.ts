import { sql } from "drizzle-orm";
import type pg from "pg";
import { addMs, DAY_MS, systemClock } from "@/core/clock";
import { JOB_TYPES } from "@/core/jobs/job-types";
import { lockExclusive } from "@/core/locks";
import { sealSegments } from "@/core/segments/seal-segments";
import type { Segments } from "@/core/segments/segments";
import { databaseOf } from "@/db/client";
import type { TestServer } from "@/e2e/server";
import { generateLines, inRequests, toBody } from "./lines";
import { processorSeconds } from "./process-time";
import { NEEDLE } from "./search-kinds";
import { sendBodies } from "./send-bodies";
import { timed } from "./statistics";

const CONNECTIONS = 4;

/** Bodies with so many lines of the last `days` days, and one that is sought. Tells how far it is. */
export function* searchedBodies(lines: number, days: number, now: number): Generator<Buffer> {
  let sent = 0;
  for (const group of inRequests(generateLines(lines, now - days * DAY_MS, now))) {
    yield toBody(group);
    sent += group.length;
    if (sent % 1_000_000 === 0) process.stderr.write(`  ${sent.toLocaleString("en")} lines sent\n`);
  }
  const needle = {
    service: "checkout",
    level: "info",
    message: `found the ${NEEDLE}`,
    timestamp: new Date(now - 5 * 3_600_000),
  };
  yield Buffer.from(JSON.stringify(needle));
}

/** Seconds. */
export type Cost = { wall: number; processors: number };

export const costOf = ({ wall, processors }: Cost) => `${wall.toFixed(1)} s, ${processors.toFixed(1)} s of processors`;

/** @param processIds whose work it is, with all that come from them */
export async function costing(processIds: readonly number[], work: () => Promise<unknown>): Promise<Cost> {
  const worked = () => processIds.reduce((sum, id) => sum + processorSeconds(id), 0);
  const before = worked();
  const wall = (await timed(work)) / 1_000;
  return { wall, processors: worked() - before };
}

/** Sends lines while nothing is sealed, then seals all of them while nothing is sent, so that both costs are known. */
export async function storeLines(
  server: TestServer,
  pool: pg.Pool,
  segments: Segments,
  bodies: Iterable<Buffer>,
): Promise<{ sending: Cost; sealing: Cost }> {
  const db = databaseOf(pool);
  return db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["job", JOB_TYPES.indexOf("seal-segments")]);
    // Without parameters, so that it holds no snapshot (run-job.ts).
    await transaction.execute(sql`select 1`);
    const sending = await costing([server.processId], () => sendBodies(server.url, bodies, CONNECTIONS));
    // Two days ahead every day is over.
    const clock = { now: () => addMs(systemClock.now(), 2 * DAY_MS) };
    const sealing = await costing([server.processId, process.pid], () => sealSegments({ db, pool, clock, segments }));
    return { sending, sealing };
  });
}

/** Bytes on disk by part, in all. */
const BYTES = `
  select coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname like 'logs\\_2%'), 0)::float8 as hot,
    coalesce((select sum(bytes) from logs.segments), 0)::float8 as segments,
    pg_total_relation_size('logs.segments')::float8 + pg_total_relation_size('logs.segment_blocks') as filters,
    coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname ~ '^(stats|pattern|services)'), 0)::float8 as counts
  from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'logs' and relkind in ('r')`;

/** Bytes on disk by part, after all that is to be given back was. */
export async function bytesByPart(pool: pg.Pool): Promise<[part: string, bytes: number][]> {
  await pool.query("vacuum analyze");
  const { rows } = await pool.query<Record<string, number>>(BYTES);
  return Object.entries(rows[0] ?? {});
}
