import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { tooBusy } from "@/core/errors";
import { isPlacedEntry, journalFrames } from "@/core/ingest/protocols/journal/journal-frames";
import { LIMITS } from "@/core/limits";
import { ingestOf, testDatabase } from "@/core/testing/test-database";
import type { IngestRequest } from "./ingest";
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
  format: { protocol: "journal_entries" } as const,
  split: journalFrames,
  isPlaced: isPlacedEntry,
  space: "test",
});

async function storedOf(service: string): Promise<{ entries: number; distinct: number; counted: number }> {
  const { rows } = await context.db.execute<{ entries: number; distinct: number; counted: number }>(sql`
    select count(*)::int as entries, count(distinct message)::int as distinct,
      (select coalesce(sum(count), 0)::int from logs.stats_minute where service = ${service}) as counted
    from logs.logs where service = ${service}`);
  return rows[0] ?? { entries: -1, distinct: -1, counted: -1 };
}

test("given an upload that goes on, then what came is stored, whole chunks at once and the rest after a silence", async () => {
  const ingest = ingestOf(context);
  const { body, end } = bodyOf(entries(LIMITS.uploadPartEntries + 3, "goes-on"));
  const taken = new Uploads().take(request(body), (part) => ingest.ingest(part));

  await vi.waitFor(async () => expect((await storedOf("goes-on")).entries).toBe(2_003), { timeout: 30_000 });
  end();

  expect(await taken).toEqual({ accepted: 2_003, rejected: 0, errors: [] });
  expect(await storedOf("goes-on")).toEqual({ entries: 2_003, distinct: 2_003, counted: 2_003 });
});

test("given an upload that breaks off, when it comes again from its beginning, then nothing is missing or double", async () => {
  const ingest = ingestOf(context);
  const all = entries(10_007, "again");
  const first = bodyOf(all.subarray(0, all.length * 0.8));
  const broken = new Uploads().take(request(first.body), (part) => ingest.ingest(part));
  first.breakOff();
  await expect(broken).rejects.toMatchObject({ kind: "invalid", message: "the body broke off before its end" });
  const { entries: stored } = await storedOf("again");
  expect(stored).toBeGreaterThan(4_000);

  const second = bodyOf(all);
  second.end();

  // By another instance, as after a start.
  const other = ingestOf(context);
  expect(await new Uploads().take(request(second.body), (part) => other.ingest(part))).toMatchObject({
    accepted: 10_007,
  });
  expect(await storedOf("again")).toEqual({ entries: 10_007, distinct: 10_007, counted: 10_007 });
});

/** Sends up to each of the places, and waits until all before is stored, then breaks off or ends. */
async function sendWithPauses(all: readonly Buffer[], service: string, places: readonly number[], isEnded = false) {
  const before = (await storedOf(service)).entries;
  async function* body() {
    let sent = 0;
    for (const place of places) {
      yield Buffer.concat(all.slice(sent, place));
      sent = place;
      await vi.waitFor(
        async () => expect((await storedOf(service)).entries).toBeGreaterThanOrEqual(Math.max(before, place)),
        { timeout: 30_000 },
      );
    }
    if (!isEnded) throw new Error("reset");
    yield Buffer.concat(all.slice(sent));
  }
  const ingest = ingestOf(context);
  const taken = new Uploads().take(request(body()), (part) => ingest.ingest(part));
  if (isEnded) return await taken;
  await expect(taken).rejects.toMatchObject({ kind: "invalid" });
  return null;
}

const list = (count: number, service: string) => Array.from({ length: count }, (_, index) => entry(index, service));

test("given an upload with pauses that breaks off, when it comes again without any, then nothing is missing or double", async () => {
  const all = list(3_000, "pauses");
  await sendWithPauses(all, "pauses", [3, 10, 1_500, 1_501, 2_000]);
  expect(await storedOf("pauses")).toMatchObject({ entries: 2_000 });

  expect(await sendWithPauses(all, "pauses", [], true)).toMatchObject({ accepted: 3_000, rejected: 0 });

  expect(await storedOf("pauses")).toEqual({ entries: 3_000, distinct: 3_000, counted: 3_000 });
});

test("given one that comes again with other pauses, also within what was stored together, then nothing is missing or double", async () => {
  const all = list(400, "others");
  await sendWithPauses(all, "others", [5, 200]);
  const ingest = ingestOf(context);
  async function* again() {
    yield Buffer.concat(all.slice(0, 50));
    await sleep(2 * LIMITS.uploadSilenceMs);
    yield Buffer.concat(all.slice(50, 300));
    await vi.waitFor(async () => expect((await storedOf("others")).entries).toBe(300), { timeout: 30_000 });
    yield Buffer.concat(all.slice(300));
  }

  const answer = await new Uploads().take(request(again()), (part) => ingest.ingest(part));

  expect(answer).toMatchObject({ accepted: 400, rejected: 0 });
  expect(await storedOf("others")).toEqual({ entries: 400, distinct: 400, counted: 400 });
});

test("given another upload that only begins alike, then all of its entries are stored", async () => {
  const all = list(20, "alike");
  await sendWithPauses(all, "alike", [10]);
  const other = [...all.slice(0, 1), ...all.slice(11)];

  expect(await sendWithPauses(other, "alike", [], true)).toMatchObject({ accepted: 10 });

  expect(await storedOf("alike")).toMatchObject({ entries: 20, distinct: 19 });
});

test("given pauses after entries that can't be stored, when they come again with what follows, then nothing is double", async () => {
  const all = [Buffer.from("__REALTIME_TIMESTAMP=1000000000000000\nMESSAGE=old\n\n"), ...list(9, "after")];
  const ingest = ingestOf(context);
  const answers: unknown[] = [];
  const store = async (part: IngestRequest) => {
    const answer = await ingest.ingest(part);
    answers.push(answer);
    return answer;
  };
  async function* paused() {
    yield all[0] ?? Buffer.alloc(0);
    await vi.waitFor(() => expect(answers).toHaveLength(1), { timeout: 30_000 });
    yield Buffer.concat(all.slice(1));
    await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 30_000 });
    throw new Error("reset");
  }
  await expect(new Uploads().take(request(paused()), store)).rejects.toMatchObject({ kind: "invalid" });

  expect(await sendWithPauses(all, "after", [], true)).toMatchObject({ accepted: 9, rejected: 1 });
  expect(await storedOf("after")).toEqual({ entries: 9, distinct: 9, counted: 9 });
});

const scenario = fc.oneof(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 900, max: 2_600 })).chain((count) =>
  fc.record({
    count: fc.constant(count),
    /** Of each upload that breaks off, the places at which it pauses, and the last one at which it breaks. */
    broken: fc.array(fc.array(fc.nat(count), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
  }),
);

test("given uploads that pause and break off anywhere, when the whole comes at last, then nothing is missing or double", async () => {
  const scenarios = fc.sample(scenario, 24);
  const outcomes = scenarios.map(async ({ count, broken }, index) => {
    const service = `any-${index}`;
    const all = list(count, service);
    const ingest = ingestOf(context);
    for (const places of broken) {
      async function* body() {
        let sent = 0;
        for (const place of [...places].sort((a, b) => a - b)) {
          yield Buffer.concat(all.slice(sent, place));
          sent = place;
          await sleep(LIMITS.uploadSilenceMs * 1.5);
        }
        throw new Error("reset");
      }
      const taken = new Uploads().take(request(body()), (part) => ingest.ingest(part));
      await expect(taken).rejects.toMatchObject({ kind: "invalid" });
    }
    const { body, end } = bodyOf(Buffer.concat(all));
    end();
    const answer = await new Uploads().take(request(body), (part) => ingest.ingest(part));
    return { broken, answer: answer.accepted, ...(await storedOf(service)) };
  });
  expect(await Promise.all(outcomes)).toEqual(
    scenarios.map(({ broken, count }) => ({ broken, answer: count, entries: count, distinct: count, counted: count })),
  );
});

test("given the same upload at two instances at once, as when its sender has left one unseen, then nothing is double", async () => {
  const all = list(5_000, "both");
  const both = [[], [700]].map((places) => sendWithPauses(all, "both", places, true));

  for (const answer of await Promise.all(both)) expect(answer).toMatchObject({ accepted: 5_000 });

  expect(await storedOf("both")).toEqual({ entries: 5_000, distinct: 5_000, counted: 5_000 });
});

test("given one that begins elsewhere in the same journal, then only what comes before the end of a chunk is stored again", async () => {
  const all = list(10_000, "elsewhere");
  await sendWithPauses(all, "elsewhere", [], true);

  await sendWithPauses(all.slice(1_234), "elsewhere", [], true);

  const { entries: stored, distinct } = await storedOf("elsewhere");
  expect(distinct).toBe(10_000);
  expect(stored).toBeLessThan(10_000 + 2 * LIMITS.uploadPartEntries);
});

test("given the same entries of somebody else, then they are stored for both", async () => {
  const ingest = ingestOf(context);
  for (const space of ["one", "other"]) {
    const { body, end } = bodyOf(entries(3, "shared"));
    end();
    await new Uploads().take({ ...request(body), space }, (part) => ingest.ingest(part));
  }
  expect(await storedOf("shared")).toEqual({ entries: 6, distinct: 3, counted: 6 });
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

  const answer = await new Uploads().take(request(body), async ({ contents }) => {
    if (refusals-- > 0) throw tooBusy("too much", 0);
    return { accepted: 2, rejected: 0, errors: [], contents };
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

test("given entries that say neither where nor when they were, then those that come again are others", async () => {
  const ingest = ingestOf(context);
  const plain = Buffer.from("MESSAGE=backup done\nSYSLOG_IDENTIFIER=placeless\n\n");
  for (let day = 0; day < 2; day++) {
    const { body, end } = bodyOf(plain);
    end();
    expect(await new Uploads().take(request(body), (part) => ingest.ingest(part))).toMatchObject({ accepted: 1 });
  }
  expect((await storedOf("placeless")).entries).toBe(2);
});

test("given a part that can't be stored while its sender is silent, then the sender is told at once", async () => {
  const { body } = bodyOf(entry(0, "fails"));
  const failed = new Uploads().take(request(body), () => Promise.reject(new Error("it failed")));
  await expect(failed).rejects.toThrow("it failed");
});

test("given an entry whose first line has no name, then it is rejected, and the others are stored once", async () => {
  const ingest = ingestOf(context);
  const wrong = Buffer.from("=x\nMESSAGE=a\nPRIORITY=6\n\n");
  const { body, end } = bodyOf(entry(0, "nameless"), wrong, entry(1, "nameless"));
  end();
  const taken = await new Uploads().take(request(body), (part) => ingest.ingest(part));
  expect(taken).toMatchObject({ accepted: 2, rejected: 1 });
  expect(await storedOf("nameless")).toEqual({ entries: 2, distinct: 2, counted: 2 });
});
