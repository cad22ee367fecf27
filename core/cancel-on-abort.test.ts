import { once } from "node:events";
import { expect, test } from "vitest";
import { createPool, databaseOf } from "@/db/client";
import { cancelOnAbort } from "./cancel-on-abort";
import { testDatabase } from "./testing/test-database";

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
