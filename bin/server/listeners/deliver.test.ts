import { sql } from "drizzle-orm";
import pg from "pg";
import { beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { listenerContextOf, metricOf, storedEntries } from "@/core/testing/test-listeners";
import { deliver } from "./deliver";
import { deliveryOf } from "./delivery-of";
import type { Received, Sender } from "./message";

const database = testDatabase("2026-11-26T16:00:00Z");

const FORMAT = { protocol: "gelf_messages" } as const;

const gelfOf = (message: string) =>
  Buffer.from(JSON.stringify({ version: "1.1", host: "web1", short_message: message }));

/** A message that has a thousand bytes until it is read. */
const compressed = (bytes: Buffer, sender: Sender): Received => ({
  bytes: Buffer.alloc(1_000),
  sender,
  messages: 1,
  read: () => ({ key: null, bytes, format: FORMAT }),
});

beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
});

const TRUSTED: Sender = { address: "192.0.2.7", isTrusted: true };
const STRANGER: Sender = { address: "192.0.2.8", isTrusted: false };
const DETAILS = "x".repeat(900_000);

test("given a batch that is far larger once it is read, then a bounded part of it is read at a time, and all is stored", async () => {
  const context = listenerContextOf(database);
  const delivery = deliveryOf(context, "test", new AbortController().signal);
  const messages = 80;
  let read = 0;
  let most = 0;
  const batch = Array.from({ length: messages }, (_, index): Received => {
    const bytes = gelfOf(`${index} ${DETAILS}`);
    const settled = () => {
      read -= bytes.length;
    };
    return {
      ...compressed(bytes, TRUSTED),
      read: () => {
        read += bytes.length;
        most = Math.max(most, read);
        return { key: null, bytes, format: FORMAT, settled };
      },
    };
  });

  expect(DETAILS.length * messages).toBeGreaterThan(LIMITS.bodyBytes);
  await deliver(delivery, batch);
  expect(await storedEntries(database)).toHaveLength(messages);
  expect(await metricOf(context, 'cordwood_listener_entries_total{listener="test"}')).toBe(messages);
  expect(read).toBe(0);
  expect(most).toBeLessThan(LIMITS.transactionBytes + LIMITS.entryBytes);
});

test("given much of strangers behind a message that is being written, then it is refused meanwhile", async () => {
  const context = listenerContextOf(database, { isOnLoopback: false });
  const delivery = deliveryOf(context, "test", new AbortController().signal);
  const blocking = new pg.Client({ connectionString: database.url });
  await blocking.connect();
  await blocking.query("begin; lock table logs.stats_minute in access exclusive mode");
  const strangers = Array.from({ length: 20 }, () => compressed(gelfOf(DETAILS), STRANGER));
  const delivered = deliver(delivery, [compressed(gelfOf("of a friend"), TRUSTED), ...strangers]);

  const refused = 'cordwood_listener_dropped_total{listener="test",reason="unauthorised"}';
  await expect.poll(() => metricOf(context, refused)).toBe(strangers.length);
  expect(await storedEntries(database)).toEqual([]);
  await blocking.end();
  await delivered;
  expect(await storedEntries(database)).toMatchObject([{ message: "of a friend" }]);
});
