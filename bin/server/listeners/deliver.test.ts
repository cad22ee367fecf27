import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { listenerContextOf, metricOf, storedEntries } from "@/core/testing/test-listeners";
import { deliver } from "./deliver";
import { deliveryOf } from "./delivery-of";
import type { Received } from "./message";

const database = testDatabase("2026-11-26T16:00:00Z");

beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
});

test("given a batch that is far larger once it is read, then a bounded part of it is read at a time, and all is stored", async () => {
  const context = listenerContextOf(database);
  const delivery = deliveryOf(context, "test", new AbortController().signal);
  const details = "x".repeat(900_000);
  const messages = 80;
  let read = 0;
  let most = 0;
  const batch = Array.from({ length: messages }, (_, index): Received => {
    const text = Buffer.from(JSON.stringify({ version: "1.1", host: "web1", short_message: `${index} ${details}` }));
    return {
      bytes: Buffer.alloc(1_000),
      messages: 1,
      sender: { address: "192.0.2.7", isTrusted: false },
      read: () => {
        read += text.length;
        most = Math.max(most, read);
        const settled = () => {
          read -= text.length;
        };
        return { key: null, bytes: text, format: { protocol: "gelf_messages" }, settled };
      },
    };
  });

  expect(details.length * messages).toBeGreaterThan(LIMITS.bodyBytes);
  await deliver(delivery, batch);
  expect(await storedEntries(database)).toHaveLength(messages);
  expect(await metricOf(context, 'cordwood_listener_entries_total{listener="test"}')).toBe(messages);
  expect(read).toBe(0);
  expect(most).toBeLessThan(LIMITS.transactionBytes + LIMITS.entryBytes);
});
