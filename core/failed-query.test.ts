import { inspect } from "node:util";
import { eq, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { jobExecutions, sessions } from "@/db/schema";
import { codeOf, SQL_STATES } from "./error-code";
import { reasonOf } from "./errors";
import { runJob } from "./jobs/run-job";
import { createLogger } from "./logger";
import { testDatabase } from "./testing/test-database";

const context = testDatabase("2026-03-10T12:00:00Z");
const SECRET = "token-that-nobody-may-read";

function logged(error: unknown): string {
  const lines: string[] = [];
  createLogger("debug", { write: (line) => void lines.push(line) }).error({ error, details: [error] }, "it failed");
  return lines.join("");
}

const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

const bySession = eq(sessions.token, SECRET);
const impossible = sql`1 / (length(${SECRET}::text) - length(${SECRET}::text)) = 1`;

/** Every way in which Drizzle sends a query. */
const WAYS: readonly (readonly [name: string, ask: () => Promise<unknown>])[] = [
  ["sql", () => context.db.execute(sql`select ${SECRET}::text, 1 / 0`)],
  ["the builder, columns", () => context.db.select().from(sessions).where(sql`${bySession} or ${impossible}`)],
  ["the builder, a count", () => context.db.$count(sessions, sql`${bySession} or ${impossible}`)],
  ["a relational query", () => context.db.query.sessions.findFirst({ where: sql`${bySession} or ${impossible}` })],
  ["a change", () => context.db.delete(sessions).where(impossible).returning()],
  ["a transaction", () => context.db.transaction((own) => own.execute(sql`select ${SECRET}::text, 1 / 0`))],
];

test.each(WAYS)(
  "given %s with a secret parameter, when it fails, then what failed is told without it",
  async (_, ask) => {
    const error = await thrown(ask());
    expect(error).toBeInstanceOf(Error);
    expect(codeOf(error)).toBe(SQL_STATES.divisionByZero);
    expect(reasonOf(error)).toMatch(/^division by zero, in: /);
    for (const text of [logged(error), reasonOf(error), inspect(error, { depth: 10 })]) {
      expect(text).toContain("division by zero");
      expect(text).not.toContain(SECRET);
    }
  },
);

test("given a value that is there already, when PostgreSQL repeats it, then it is not told", async () => {
  await context.db.execute(sql`create table twice (token text primary key)`);
  const insert = () => context.db.execute(sql`insert into twice values (${SECRET})`);
  await insert();
  const error = await thrown(insert());
  expect(codeOf(error)).toBe(SQL_STATES.uniqueViolation);
  for (const text of [logged(error), inspect(error, { depth: 10 })]) {
    expect(text).toContain("twice_pkey");
    expect(text).not.toContain(SECRET);
  }
});

test("given a job whose query fails, then its record has the reason without parameters", async () => {
  const work = () => context.db.execute(sql`select ${SECRET}::text, 1 / 0`);
  await thrown(runJob(context, "retention", context.clock.now(), work));
  const [{ errorMessage } = { errorMessage: "" }] = await context.db.select().from(jobExecutions);
  expect(errorMessage).toMatch(/^division by zero, in: select/);
  expect(errorMessage).not.toContain(SECRET);
});
