import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { knownMigrations } from "@/db/migrate";
import { NO_ROOM } from "./ingest/database-room";
import { createLogger } from "./logger";
import { findProblem } from "./readiness";
import { NEWER_SCHEMA, SchemaWatch } from "./schema-watch";
import { testDatabase } from "./testing/test-database";

const context = testDatabase("2026-03-10T12:00:00Z");
const logger = createLogger("silent");
const newest = knownMigrations().at(-1) ?? 0;

test("given a database of this version, then nothing is told, until a newer one has changed it, and that once", async () => {
  const schema = new SchemaWatch(context.db, logger, newest);
  const { room } = context;
  let told = 0;
  schema.start(() => {
    told++;
  });
  try {
    expect(await schema.isNewer()).toBe(false);
    expect(await findProblem({ schema, room, logger })).toBeNull();
    await context.db.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', 32503680000000)`,
    );
    expect(await findProblem({ schema, room, logger })).toBe(NEWER_SCHEMA);
    expect(await schema.isNewer()).toBe(true);
    expect(told).toBe(1);
  } finally {
    schema.stop();
  }
});

test("given a database without room, then it is ready for who reads, and not for who sends", async () => {
  const schema = new SchemaWatch(context.db, logger, newest);
  await context.db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'of the future'`);
  const full = { schema, logger, room: { isFull: async () => true } };
  expect(await findProblem(full)).toBe(NO_ROOM);
  expect(await findProblem(full, "reading")).toBeNull();
});

test("given nobody who asks, then a newer version is noticed all the same", async () => {
  const schema = new SchemaWatch(context.db, logger, 0);
  try {
    await new Promise<void>((resolve) => schema.start(resolve));
  } finally {
    schema.stop();
  }
});
