import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, inject } from "vitest";
import type { WebhookPolicy } from "@/core/alerts/delivery/webhook-policy";
import type { Clock } from "@/core/clock";
import { DatabaseRoom } from "@/core/ingest/database-room";
import { Ingest } from "@/core/ingest/ingest";
import { Masker } from "@/core/ingest/masking/masker";
import { RecentRows } from "@/core/realtime/recent-rows";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { SecretBox } from "@/core/secrets/secret-box";
import { createSegments, createTurns, type ReadTurns, type Segments } from "@/core/segments/segments";
import type { Masking } from "@/core/settings/schemas";
import { createPool, type Database, databaseOf } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { createCitusDatabase, dropCitusDatabase } from "./citus";
import { databaseUrl, TEMPLATE } from "./postgres";

/** A clock that stands where a test puts it. */
export class TestClock implements Clock {
  constructor(private time: Date) {}

  now(): Date {
    return this.time;
  }

  set(time: string): void {
    this.time = new Date(time);
  }
}

export type TestDatabase = {
  url: string;
  pool: pg.Pool;
  db: Database;
  clock: TestClock;
  /** Collects the ids of deliveries that were requested. */
  outbox: { requested: string[]; request(ids: readonly string[]): void };
  /** Counts how often ingest asked to look at new patterns. */
  newPatterns: { woken: number; wake(): void };
  /** Counts the entries of which ingest told it. */
  sealSoon: { rows: number; written(rows: number): void; brake(): Promise<void> };
  webhookPolicy: WebhookPolicy;
  secrets: SecretBox;
  recent: RecentRows;
  room: DatabaseRoom;
  segments: Segments;
  turns: ReadTurns;
  /** Of the segments and what is written on the way. */
  folder: string;
};

/** Gives the test file a database of its own, and takes it away after. Filled before the first test runs. */
export function testDatabase(now: string): TestDatabase {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const requested: string[] = [];
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-segments-"));
  const clock = new TestClock(new Date(now));
  const context = {
    clock,
    outbox: { requested, request: (ids: readonly string[]) => void requested.push(...ids) },
    newPatterns: {
      woken: 0,
      wake() {
        this.woken++;
      },
    },
    sealSoon: {
      rows: 0,
      written(rows: number) {
        this.rows += rows;
      },
      brake: async () => undefined,
    },
    webhookPolicy: { allowPrivate: false, allowed: [] },
    secrets: new SecretBox("a secret of tests only, nothing else"),
    recent: new RecentRows(),
    folder,
    turns: createTurns(),
    segments: createSegments({
      folder: path.join(folder, "segments"),
      scratch: path.join(folder, "scratch"),
      memoryBytes: 128 * 1024 * 1024,
      clock,
    }),
  } as Partial<TestDatabase> as TestDatabase;
  beforeAll(async () => {
    context.url = await createDatabase(name);
    context.pool = createPool(context.url, () => undefined);
    context.db = databaseOf(context.pool);
    context.room = new DatabaseRoom(context.db);
  });
  afterAll(async () => {
    context.segments.duck.close();
    rmSync(folder, { recursive: true, force: true });
    await context.pool.end();
    if (inject("citus").length > 0) await dropCitusDatabase(inject("citus"), name);
    else await onServer(`drop database ${name} with (force)`);
  });
  return context;
}

/** @returns its URL; on Citus its entries are distributed */
async function createDatabase(name: string): Promise<string> {
  const citus = inject("citus");
  if (citus.length === 0) {
    await onServer(`create database ${name} template ${TEMPLATE}`);
    return databaseUrl(inject("postgres"), name);
  }
  const url = await createCitusDatabase(citus, name);
  await migrateDatabase(url, { distribute: true });
  return url;
}

/** One statement, on a connection of its own, because a database can't be made in a transaction. */
async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("postgres") });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export const RETENTION_DAYS = 30;

/** @param masking left out: nothing is masked */
export const ingestOf = (context: TestDatabase, masking?: Masking, retention = new RetentionPlan(RETENTION_DAYS)) => {
  const masker = masking ? Masker.of(masking) : null;
  return new Ingest(context, { retentionPlan: async () => retention, masker: async () => masker });
};

/** Sends text or bytes as a client would. */
export function bodyOf(content: string | Uint8Array): ReadableStream<Uint8Array> {
  return new Blob([typeof content === "string" ? content : Buffer.from(content)]).stream();
}

export function sendEntries(ingest: Ingest, entries: readonly unknown[]) {
  const body = bodyOf(JSON.stringify(entries));
  return ingest.ingest({ body, format: "json", encodings: [], announcedBytes: 0 });
}

/** Takes out all entries, with what was counted of them and what is known of their requests. */
export const removeEntries = ({ db }: Pick<TestDatabase, "db">) =>
  db.execute(
    sql`truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.patterns, logs.ingest_requests`,
  );

/** How many entries there are that are not sealed, and how many the counts by the minute have. */
export async function storedAndCounted({
  db,
}: Pick<TestDatabase, "db">): Promise<{ entries: number; counted: number }> {
  const { rows } = await db.execute<{ entries: number; counted: number }>(sql`
    select (select count(*)::int from logs.logs) as entries,
      (select coalesce(sum(count), 0)::int from logs.stats_minute) as counted`);
  return rows[0] ?? { entries: -1, counted: -1 };
}
