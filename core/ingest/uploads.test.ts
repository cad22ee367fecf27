import { EventEmitter, once } from "node:events";
import { sql } from "drizzle-orm";
import { expect, test, vi } from "vitest";
import { tooBusy } from "@/core/errors";
import { journalExport } from "@/core/ingest/protocols/journal/journal-export";
import { LIMITS } from "@/core/limits";
import { ingestOf, testDatabase } from "@/core/testing/test-database";
import { Uploads } from "./uploads";

const NOW = "2026-03-10T12:00:00.000Z";
const context = testDatabase(NOW);

const micros = (index: number) => (Date.parse(NOW) - 3_600_000 + index) * 1_000;
const entry = (index: number, service: string) =>
  Buffer.from(`__REALTIME_TIMESTAMP=${micros(index)}\nSYSLOG_IDENTIFIER=${service}\nMESSAGE=line ${index}\n\n`);
const entries = (count: number, service: string) =>
  Buffer.concat(Array.from({ length: count }, (_, index) => entry(index, service)));

/** A body in pieces as if they came over the network, which a test ends or breaks off. */
function bodyOf(...pieces: Buffer[]) {
  const ending = new EventEmitter();
  const ended = once(ending, "end");
  // A body that nobody reads any more breaks off unseen.
  ended.catch(() => undefined);
  async function* body() {
    for (const piece of pieces) for (let at = 0; at < piece.length; at += 16_384) yield piece.subarray(at, at + 16_384);
    await ended;
  }
  return { body: body(), end: () => ending.emit("end"), breakOff: () => ending.emit("error", new Error("reset")) };
}

const request = (body: AsyncIterable<Uint8Array>) => ({
  body,
  encodings: [],
  announcedBytes: 0,
  format: journalExport,
});

async function storedOf(service: string): Promise<{ entries: number; distinct: number; counted: number }> {
  const { rows } = await context.db.execute<{ entries: number; distinct: number; counted: number }>(sql`
    select count(*)::int as entries, count(distinct message)::int as distinct,
      (select coalesce(sum(count), 0)::int from logs.stats_minute where service = ${service}) as counted
    from logs.logs where service = ${service}`);
  return rows[0] ?? { entries: -1, distinct: -1, counted: -1 };
}

test("given an upload that goes on, then what came is stored, whole parts at once and the rest after a silence", async () => {
  const ingest = ingestOf(context);
  const { body, end } = bodyOf(entries(LIMITS.uploadPartEntries + 3, "goes-on"));
  const taken = new Uploads().take(request(body), (part) => ingest.ingest(part));

  await vi.waitFor(async () => expect((await storedOf("goes-on")).entries).toBe(2_003), { timeout: 10_000 });
  end();

  expect(await taken).toEqual({ accepted: 2_003, rejected: 0, errors: [] });
  expect(await storedOf("goes-on")).toEqual({ entries: 2_003, distinct: 2_003, counted: 2_003 });
});

test("given an upload that breaks off, when it comes again from its beginning, then nothing is missing or double", async () => {
  const ingest = ingestOf(context);
  const all = entries(3 * LIMITS.uploadPartEntries + 7, "again");
  const first = bodyOf(all.subarray(0, all.length * 0.8));
  const broken = new Uploads().take(request(first.body), (part) => ingest.ingest(part));
  first.breakOff();
  await expect(broken).rejects.toMatchObject({ kind: "invalid", message: "the body broke off before its end" });
  expect(await storedOf("again")).toMatchObject({ entries: 2 * LIMITS.uploadPartEntries });

  const second = bodyOf(all);
  second.end();

  // By another instance, as after a start.
  const other = ingestOf(context);
  expect(await new Uploads().take(request(second.body), (part) => other.ingest(part))).toMatchObject({
    accepted: 6_007,
  });
  expect(await storedOf("again")).toEqual({ entries: 6_007, distinct: 6_007, counted: 6_007 });
});

test("given entries that can't be stored, then they are told with their places in the whole upload", async () => {
  const ingest = ingestOf(context);
  const tooOld = Buffer.from("__REALTIME_TIMESTAMP=1000000000000000\nMESSAGE=old\n\n");
  const { body, end } = bodyOf(
    entries(LIMITS.uploadPartEntries + 1, "told"),
    tooOld,
    tooOld,
    Buffer.from("MESSAGE=cut"),
  );
  end();

  const answer = await new Uploads().take(request(body), (part) => ingest.ingest(part));

  expect(answer).toMatchObject({ accepted: 2_001, rejected: 3 });
  expect(answer.errors.map(({ index }) => index)).toEqual([2_001, 2_002, 2_003]);
});

test("given a database that can't keep up, then the sender waits, and is not sent away", async () => {
  let refusals = 3;
  const { body, end } = bodyOf(entries(2, "waits"));
  end();

  const answer = await new Uploads().take(request(body), async () => {
    if (refusals-- > 0) throw tooBusy("too much", 0);
    return { accepted: 2, rejected: 0, errors: [] };
  });

  expect(answer.accepted).toBe(2);
});

test("given a server that stops, then uploads end as if broken off, and as many as there may be at a time are bounded", async () => {
  const uploads = new Uploads();
  const never = () =>
    uploads.take(request(bodyOf(entries(1, "stops")).body), () => Promise.reject(new Error("stored")));
  const taken = Array.from({ length: LIMITS.uploads }, never);

  await expect(never()).rejects.toMatchObject({ kind: "too_busy" });
  uploads.close();

  for (const one of taken) await expect(one).rejects.toMatchObject({ kind: "unavailable" });
});
