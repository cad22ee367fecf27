import { sql } from "drizzle-orm";
import type pg from "pg";
import { z } from "zod";
import type { Clock } from "@/core/clock";
import type { Executor } from "@/core/context";
import { problemOfServer, readServerFacts } from "@/db/check-server";
import { appliedMigrations, knownMigrations } from "@/db/migrate";
import { type Finding, look, ok, trouble } from "./finding";

const SLOW_MS = 50;
/** Minutes of entries are those of their senders' clocks; jobs go by this machine's. */
const CLOCKS_DIFFER_MS = 5_000;

/** What PostgreSQL is there, whether its tables are those of this version, and how far it is away. */
export async function checkDatabase(client: pg.ClientBase): Promise<Finding[]> {
  const facts = await readServerFacts(client);
  const problem = problemOfServer(facts);
  if (problem !== null)
    return [trouble("database", problem, "Set DATABASE_URL to a database that has what is needed.")];
  const startedMs = performance.now();
  await client.query("select 1");
  const tookMs = performance.now() - startedMs;
  const says = `PostgreSQL ${facts.version} answers in ${tookMs.toFixed(1)} ms`;
  const database =
    tookMs < SLOW_MS
      ? ok("database", says)
      : look("database", says, "Bring Cordwood nearer to its database: each batch of entries goes there and back.");
  return [database, await checkTables(client)];
}

async function checkTables(client: pg.ClientBase): Promise<Finding> {
  const known = knownMigrations();
  const applied = await appliedMigrations(client);
  const newer = applied.filter((time) => time > (known.at(-1) ?? 0)).length;
  const missing = known.filter((time) => !applied.includes(time)).length;
  if (newer > 0) {
    return trouble(
      "tables",
      `a newer Cordwood has changed them ${newer} ${newer === 1 ? "time" : "times"}`,
      "Start that version or a newer one.",
    );
  }
  if (missing > 0)
    return look("tables", "they are of an older version", "Start Cordwood, which brings them up to date.");
  return ok("tables", "they are those of this version");
}

/** Whether this machine and the database's agree what time it is. */
export async function checkClock(db: Executor, clock: Clock): Promise<Finding> {
  const beforeMs = clock.now().getTime();
  const { rows } = await db.execute(sql`select extract(epoch from clock_timestamp()) * 1000 as ms`);
  const [{ ms }] = z.tuple([z.object({ ms: z.coerce.number() })]).parse(rows);
  const afterMs = clock.now().getTime();
  const aheadMs = ms < beforeMs ? beforeMs - ms : ms > afterMs ? ms - afterMs : 0;
  const seconds = (aheadMs / 1_000).toFixed(1);
  if (aheadMs < CLOCKS_DIFFER_MS)
    return ok("clock", `this machine and the database differ by less than ${CLOCKS_DIFFER_MS / 1_000} s`);
  return trouble(
    "clock",
    `this machine's clock and the database's differ by ${seconds} s`,
    "Let both be set by NTP: jobs and alerts go by the one, other instances by the other.",
  );
}
