import { sql } from "drizzle-orm";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { addMs, DAY_MS, MINUTE_MS } from "@/core/clock";
import { parseQuery } from "@/core/search/query/parse";
import { testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { getStats } from "./get-stats";
import { parsePipes } from "./parse-pipes";

const NOW = new Date("2026-03-10T12:00:00.000Z");
const context = testDatabase(NOW.toISOString());
const MINUTES = 6_000;
const SERVICES = 20;
const range = { from: addMs(NOW, -MINUTES * MINUTE_MS), to: NOW };

/** Counts as many entries of so many services have them: 20 of 1 in each minute. */
beforeAll(async () => {
  await context.db.execute(
    sql`insert into logs.services (name, first_seen, last_seen) select 's' || number, ${range.from}::timestamptz, ${NOW}::timestamptz from generate_series(1, ${SERVICES}::int) as number`,
  );
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select ${range.from}::timestamptz + minute * interval '1 minute', 's' || number, 'info', 1
    from generate_series(0, ${MINUTES - 1}::int) as minute, generate_series(1, ${SERVICES}::int) as number`);
});

const ask = (q: string, changed: Partial<Parameters<typeof getStats>[1]> = {}, turns = context.turns) =>
  getStats(
    { ...context, turns },
    { query: parseQuery(""), pipeline: parsePipes(q, 0), allKeptFrom: new Date(0), ...range, ...changed },
  );

describe("counts that are kept", () => {
  test("given more steps than groups may be, then it is refused; in wider steps they are summed", async () => {
    await expect(ask("| stats count() by (service, level, time(1m))")).rejects.toMatchObject({
      kind: "invalid",
      message: "there are more than 100000 groups: group by less, or narrow the query or its time",
    });
    const hourly = await ask("| stats count() by (service, level, time(20m))");
    expect([hourly.total_rows, hourly.entries]).toEqual([(MINUTES / 20) * SERVICES, MINUTES * SERVICES]);
    expect(new Set(hourly.rows.map((row) => row.at(-1)))).toEqual(new Set([20]));
    // More than 100,000 counts, but few groups.
    const whole = await ask("| stats count() if (service:s1) as one, count() by (level)");
    expect(whole.rows).toEqual([["info", MINUTES, MINUTES * SERVICES]]);
    const errors = await ask("| stats count() if (level>=error) as errors, count() by (time(1m))");
    expect(errors.rows[0]).toEqual([expect.any(String), 0, SERVICES]);
  });

  describe("while the database answers nothing", () => {
    let unlock = () => Promise.resolve();
    afterEach(() => unlock());

    /** Whoever reads the counts waits. */
    async function lock(): Promise<void> {
      const client = await context.pool.connect();
      await client.query("begin");
      await client.query("lock table logs.stats_minute in access exclusive mode");
      unlock = async () => {
        unlock = () => Promise.resolve();
        await client.query("rollback");
        client.release();
      };
    }
    const waiting = async () =>
      (
        await context.db.execute(sql`
          select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
      ).rows.length;

    test("given more time than it may take, then it ends with a sentence, in the database too", async () => {
      await lock();
      await expect(ask("| stats count()", { withinMs: 100 })).rejects.toMatchObject({
        kind: "invalid",
        message: expect.stringContaining("takes longer than the 0.1 seconds that it may"),
      });
      await expect.poll(waiting).toBe(0);
    });

    test("given a client that goes away, then nobody waits any more", async () => {
      await lock();
      const gone = new AbortController();
      const asked = ask("| stats count()", { signal: gone.signal });
      await expect.poll(waiting).toBe(1);
      gone.abort(new Error("gone away"));
      await expect(asked).rejects.toThrow(/gone away|canceling statement/);
      await expect.poll(waiting).toBe(0);
    });
  });

  test("given as many as may wait, then the next is told to come again", async () => {
    const turns = { ...context.turns, counts: new Turns(1, { most: 0, what: "computations" }) };
    await expect(ask("| stats count()", { from: addMs(NOW, -DAY_MS) }, turns)).rejects.toMatchObject({
      kind: "too_busy",
    });
  });
});
