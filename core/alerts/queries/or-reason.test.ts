import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { invalid } from "@/core/errors";
import { testDatabase } from "@/core/testing/test-database";
import { orReason } from "./or-reason";

const context = testDatabase("2026-01-01T12:00:00Z");

const reasonOf = (read: () => Promise<object>) => orReason({ logger: { warn: () => undefined } }, { id: 7 }, read);

test("given a statement that fails, then the reason is a sentence without it", async () => {
  const slow = () =>
    context.db.transaction(async (transaction) => {
      await transaction.execute(sql`set local statement_timeout = 1`);
      return transaction.execute(sql`select pg_sleep(10)`);
    });
  expect(await reasonOf(() => context.db.execute(sql`select 1 / 0 as secret`))).toEqual({
    reason: "what came before could not be read; the log says why",
  });
  expect(await reasonOf(slow)).toEqual({ reason: "reading what came before took too long" });
});

test("given what is wrong with the alert, then that is the reason; given that the database is away, then nobody has one", async () => {
  const away = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });

  expect(await reasonOf(() => Promise.reject(invalid("too many groups")))).toEqual({ reason: "too many groups" });
  await expect(reasonOf(() => Promise.reject(away))).rejects.toBe(away);
});
