import { once } from "node:events";
import { expect, test } from "vitest";
import { createPool, databaseOf } from "@/db/client";
import { cancelOnAbort } from "./cancel-on-abort";
import { testDatabase } from "./testing/test-database";
import { until, untilBlocked } from "./testing/watching";

const context = testDatabase("2026-01-01T12:00:00Z");

test("given that a statement can't be ended, as no connection is to be had, then that is told, and the work goes on", async () => {
  const pool = createPool(context.url, () => undefined);
  await pool.end();
  const controller = new AbortController();
  const warned = once(process, "warning");
  const work = cancelOnAbort(databaseOf(pool), 4_711, controller.signal, async () => {
    controller.abort(new Error("gone"));
    return warned;
  });
  expect(await work).toMatchObject([
    {
      name: "CordwoodWarning",
      message: expect.stringMatching(/^what runs on the connection 4711 could not be ended: /),
    },
  ]);
});

test("given that the work is over before there is a connection to end it by, then what runs next where it ran goes on", async () => {
  const pool = createPool(context.url, () => undefined, 2);
  const [working, other] = [await pool.connect(), await pool.connect()];
  await context.pool.query("create table gate ()");
  const locking = await context.pool.connect();
  try {
    const { rows } = await working.query("select pg_backend_pid() as pid");
    const leaving = new AbortController();
    await cancelOnAbort(databaseOf(pool), Number(rows[0]?.pid), leaving.signal, async () => leaving.abort());
    await locking.query("begin; lock table gate");
    const next = working.query("select count(*)::int as n from gate");
    await untilBlocked(context);
    expect(pool.waitingCount).toBe(1);
    other.release();
    await until(() => expect([pool.waitingCount, pool.idleCount]).toEqual([0, 1]));
    await locking.query("commit");
    expect((await next).rows).toEqual([{ n: 0 }]);
  } finally {
    locking.release();
    working.release();
    await pool.end();
  }
});
