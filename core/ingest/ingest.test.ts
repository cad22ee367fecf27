import { EventEmitter, once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { getServiceStats } from "@/core/stats/get-service-stats";
import { stalledUpload } from "@/core/testing/stalled-upload";
import {
  bodyOf,
  ingestOf,
  removeEntries,
  sendEntries,
  storedAndCounted,
  testDatabase,
} from "@/core/testing/test-database";
import type { EntryItem } from "./decode/decoder";
import type { Ingest } from "./ingest";

const NOW = "2026-03-10T12:00:00.000Z";
const context = testDatabase(NOW);
const good = { service: "shop", message: "m" };

beforeEach(() => removeEntries(context));

const stored = () => storedAndCounted(context);

const sendLines = (ingest: Ingest, lines: Iterable<string>, idempotencyKey?: string) =>
  ingest.ingest({
    body: new Blob([...lines].map((line) => `${line}\n`)).stream(),
    format: "ndjson",
    encodings: [],
    announcedBytes: 0,
    idempotencyKey,
  });

describe("Idempotency-Key", () => {
  test("given a key that was answered, when other entries come under it, then the first answer comes back and nothing is written", async () => {
    const ingest = ingestOf(context);
    const first = await sendLines(ingest, [JSON.stringify(good), "{}"], "a");
    const second = await sendLines(ingest, [JSON.stringify(good)], "a");
    expect(first).toMatchObject({ accepted: 1, rejected: 1 });
    expect(second).toEqual(first);
    expect(await stored()).toEqual({ entries: 1, counted: 1 });
  });

  test("given the same key at two instances at once, then one writes and both answer the same", async () => {
    const instances = [ingestOf(context), ingestOf(context)];
    const answers = await Promise.all(instances.map((ingest) => sendLines(ingest, [JSON.stringify(good)], "b")));
    expect(answers[0]).toEqual(answers[1]);
    expect(await stored()).toEqual({ entries: 1, counted: 1 });
  });

  test("given a request that failed as a whole, then its key is free for the next attempt", async () => {
    const ingest = ingestOf(context);
    await expect(sendLines(ingest, ["{}"], "c")).rejects.toMatchObject({ kind: "invalid" });
    expect(await sendLines(ingest, [JSON.stringify(good)], "c")).toMatchObject({ accepted: 1 });
  });

  test("given a large request that is written as it arrives, when it comes again under its key, then it is there once", async () => {
    const ingest = ingestOf(context);
    const line = JSON.stringify({ ...good, message: "x".repeat(1_000) });
    const lines = Array.from({ length: 20_000 }, () => line);
    const first = await sendLines(ingest, lines, "d");
    expect(first).toMatchObject({ accepted: 20_000, rejected: 0 });
    expect(await sendLines(ingest, lines, "d")).toEqual(first);
    expect(await stored()).toEqual({ entries: 20_000, counted: 20_000 });
  });
});

test("given a large request whose sender falls silent, then others under its key and without one are stored at once, and it gets their answer at its end", async () => {
  const ingest = ingestOf(context);
  const large = stalledUpload();
  const sent = ingest.ingest({ ...large.request, idempotencyKey: "open" });
  await large.silent;

  const one = [JSON.stringify(good)];
  const [first, second, other] = await Promise.all([
    sendLines(ingest, one, "open"),
    sendLines(ingest, [...one, ...one], "open"),
    sendLines(ingest, one),
  ]);
  expect(second).toEqual(first);
  expect(other).toMatchObject({ accepted: 1 });
  large.end();

  expect(await sent).toEqual(first);
  expect(await stored()).toEqual({ entries: first.accepted + 1, counted: first.accepted + 1 });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given many requests with keys at once, each twice, then all are stored once, and each is answered for itself", async () => {
  const ingest = ingestOf(context);
  const lines = (index: number) => Array.from({ length: (index % 7) + 1 }, () => JSON.stringify(good));
  const all = Array.from({ length: 200 }, (_, index) => index);
  const answers = await Promise.all([...all, ...all].map((index) => sendLines(ingest, lines(index), `key ${index}`)));
  for (const [place, { accepted }] of answers.entries()) expect(accepted).toBe(lines(place % 200).length);
  const total = all.reduce((sum, index) => sum + lines(index).length, 0);
  expect(await stored()).toEqual({ entries: total, counted: total });
});

test("given two writers in each other's way while they count, then the one that PostgreSQL ends is written again", async () => {
  await context.db.execute(sql`
    create sequence test_only;
    create function test_only() returns trigger language plpgsql as $$ begin
      if nextval('test_only') = 1 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
      return new;
    end $$;
    create trigger test_only before insert on logs.stats_minute for each row execute function test_only()`);
  try {
    expect(await sendLines(ingestOf(context), [JSON.stringify(good)], "deadlock")).toMatchObject({ accepted: 1 });
    expect(await stored()).toEqual({ entries: 1, counted: 1 });
  } finally {
    await context.db.execute(
      sql`drop trigger test_only on logs.stats_minute; drop function test_only; drop sequence test_only`,
    );
  }
});

describe("when PostgreSQL refuses what the checks let pass", () => {
  beforeEach(() =>
    context.db.execute(sql`alter table logs.logs add constraint test_only check (message <> 'refused')`),
  );

  test("given such rows among the entries of several requests, then they fail alone, each with its place in its own request", async () => {
    try {
      const ingest = ingestOf(context);
      const refused = { ...good, message: "refused" };
      const answers = await Promise.all([
        sendEntries(ingest, [good, refused, good]),
        sendEntries(ingest, [good, good]),
        sendEntries(ingest, [{}, refused, refused, good]),
      ]);
      expect(answers.map(({ accepted, rejected }) => [accepted, rejected])).toEqual([
        [2, 1],
        [2, 0],
        [1, 3],
      ]);
      expect(answers[0]?.errors.map(({ index }) => index)).toEqual([1]);
      expect(answers[2]?.errors.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(answers[0]?.errors[0]?.error).toMatch(/^can't be stored/);
      expect(await stored()).toEqual({ entries: 5, counted: 5 });
    } finally {
      await context.db.execute(sql`alter table logs.logs drop constraint test_only`);
    }
  });
});

test("given entries of many days without partitions from several senders at once, then each day gets its partition and nothing is lost", async () => {
  const days = Array.from({ length: 20 }, (_, day) => ({
    ...good,
    timestamp: Date.parse(NOW) - day * 86_400_000,
  }));
  const instances = [ingestOf(context), ingestOf(context), ingestOf(context)];
  await Promise.all(instances.flatMap((ingest) => [sendEntries(ingest, days), sendEntries(ingest, days.toReversed())]));
  expect(await stored()).toEqual({ entries: 120, counted: 120 });
});

test("given a sender that breaks off in the middle of a large body, then nothing of it is stored", async () => {
  const line = `${JSON.stringify({ ...good, message: "x".repeat(60_000) })}\n`;
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (++sent > 300) controller.error(new Error("connection reset"));
      else controller.enqueue(Buffer.from(line));
    },
  });
  const ingest = ingestOf(context);
  const request = { body, format: "ndjson" as const, encodings: [], announcedBytes: 0 };
  await expect(ingest.ingest(request)).rejects.toMatchObject({ kind: "invalid" });
  expect(await stored()).toEqual({ entries: 0, counted: 0 });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given more large requests at once than there are places, then those above are told to come again, and the others are stored whole", async () => {
  const ingest = ingestOf(context);
  const line = JSON.stringify({ ...good, message: "x".repeat(10_000) });
  const lines = Array.from({ length: 1_500 }, () => line);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => sendLines(ingest, lines)));
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  const accepted = outcomes.length - failures.length;
  expect(accepted).toBeGreaterThanOrEqual(3);
  for (const failure of failures) expect(failure).toMatchObject({ kind: "too_busy", retryAfterSeconds: 1 });
  expect(await stored()).toEqual({ entries: accepted * 1_500, counted: accepted * 1_500 });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given text with old lines and a stack trace, then the good ones are stored and the others told by their place", async () => {
  const text = "2026-03-10 11:00:00 ERROR boom\n    at x\n2020-01-01 00:00:00 INFO old\nNUL \0\nplain\n";
  const request = { body: bodyOf(text), format: "text" as const, encodings: [], announcedBytes: 0 };
  const answer = await ingestOf(context).ingest({ ...request, parameters: { service: "shop" } });
  expect(answer).toMatchObject({ accepted: 2, rejected: 2 });
  expect(answer.errors.map(({ index }) => index)).toEqual([1, 2]);
  const { rows } = await context.db.execute(
    sql`select timestamp, level, message from logs.logs where service = 'shop' order by timestamp`,
  );
  expect(rows).toEqual([
    { timestamp: "2026-03-10 11:00:00+00", level: "error", message: "2026-03-10 11:00:00 ERROR boom\n    at x" },
    { timestamp: "2026-03-10 12:00:00+00", level: "info", message: "plain" },
  ]);
});

test("given an empty body, then it is refused", async () => {
  const request = { body: bodyOf(""), format: "ndjson" as const, encodings: [], announcedBytes: 0 };
  await expect(ingestOf(context).ingest(request)).rejects.toThrow("the body holds no entries");
});

/** What a protocol's sender sends, in pieces. */
const protocolRequest = (protocol: "clef" | "elasticsearch_bulk", lines: string) => {
  const bytes = Buffer.from(lines);
  async function* body() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
  }
  const format = protocol === "clef" ? { protocol } : { protocol, index: "shop" };
  return { body: body(), format, encodings: [], announcedBytes: 0, tellsEach: true };
};

test("given a body of a protocol with a million entries that are wrong, then they are counted, and the first ones told", async () => {
  const answer = await ingestOf(context).ingest(protocolRequest("clef", "1\n".repeat(1_000_000)));
  expect(answer).toMatchObject({ accepted: 0, rejected: 1_000_000 });
  expect(answer.errors).toHaveLength(LIMITS.listedErrors);
});

describe("a bulk, whose answer names each document", () => {
  const itemsOf = () => {
    const items: EntryItem[] = [];
    return { items, itemsFound: (found: readonly EntryItem[]) => void items.push(...found) };
  };
  const wrong = '{"index":{}}\n1\n';

  test("given more documents that are wrong than listed elsewhere, then each is told", async () => {
    const { items, itemsFound } = itemsOf();
    const request = protocolRequest("elasticsearch_bulk", wrong.repeat(5_000));
    expect((await ingestOf(context).ingest({ ...request, itemsFound })).errors).toHaveLength(5_000);
    expect(items).toHaveLength(5_000);
  });

  test("given one that is under way, then what its answer will need counts against what may wait", async () => {
    const ingest = ingestOf(context);
    const [events, { body, ...request }] = [
      new EventEmitter(),
      protocolRequest("elasticsearch_bulk", wrong.repeat(50_000)),
    ];
    const [silent, ended] = [once(events, "silent"), once(events, "end")];
    async function* stalled() {
      yield* body;
      events.emit("silent");
      await ended;
    }
    const sent = ingest.ingest({ ...request, ...itemsOf(), body: stalled() });
    await silent;
    expect(ingest.pending.bytes).toBeGreaterThan(50_000 * 2 * 256);
    events.emit("end");
    expect(await sent).toMatchObject({ rejected: 50_000 });
    expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
  });

  test("given more documents than can be answered, good or wrong, then it is too large, and nothing stays", async () => {
    const ingest = ingestOf(context);
    for (const lines of [wrong, '{"index":{}}\n{"message":"m"}\n', `{"${"x".repeat(5_000)}":{}}\n{}\n`]) {
      const request = protocolRequest("elasticsearch_bulk", lines.repeat(Math.ceil(60_000_000 / (lines.length + 250))));
      await expect(ingest.ingest({ ...request, ...itemsOf() })).rejects.toMatchObject({ kind: "too_large" });
    }
    expect(await stored()).toEqual({ entries: 0, counted: 0 });
    expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
  });

  test("given one that comes again under its key, then it is answered with its items, and nothing is written", async () => {
    const ingest = ingestOf(context);
    const lines = '{"index":{"_id":"7"}}\n{"message":"m"}\n{"create":{}}\n1\n';
    const send = async () => {
      const { items, itemsFound } = itemsOf();
      const request = { ...protocolRequest("elasticsearch_bulk", lines), idempotencyKey: "bulk", itemsFound };
      return { answer: await ingest.ingest(request), items };
    };
    const first = await send();
    expect(first.items.map(({ id }) => id)).toEqual(["7", null]);
    expect(await send()).toEqual(first);
    expect(await stored()).toEqual({ entries: 1, counted: 1 });
    expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
  });
});

const LOGHUB = path.resolve("../shared/loghub");

/** Fields of a CSV row as RFC 4180 writes them. */
const fieldsOf = (row: string) =>
  [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
  );

describe.runIf(existsSync(LOGHUB))("real lines", () => {
  /** What each set calls its levels, by the set's own documentation. */
  const LEVELS: Readonly<Record<string, string>> = {
    notice: "info",
    info: "info",
    error: "error",
    warn: "warning",
    warning: "warning",
    severe: "error",
    fatal: "fatal",
    alert: "fatal",
    failure: "info",
  };

  test.each(["Apache", "HDFS", "BGL", "Spark", "OpenStack", "Windows", "OpenSSH", "Linux"])(
    "given the lines of %s, when they are sent, then the counts per level are those of the file",
    async (name) => {
      const [header = "", ...rows] = readFileSync(path.join(LOGHUB, `${name}.csv`), "utf8")
        .trim()
        .split(/\r?\n/);
      const columns = header.split(",");
      const expected: Record<string, number> = {};
      const entries = rows.map(fieldsOf).map((fields) => {
        const message = fields[columns.indexOf("Content")] ?? "";
        // Linux and OpenSSH have no level but that with which a few messages begin: its column holds the host.
        const level = ["OpenSSH", "Linux"].includes(name) ? undefined : fields[columns.indexOf("Level")];
        const begun = level ?? /^(?:error|fatal|warning)(?=: )|^ALERT/.exec(message)?.[0];
        const stored = LEVELS[begun?.toLowerCase() ?? "info"] ?? "?";
        expected[stored] = (expected[stored] ?? 0) + 1;
        return { service: name, level, message };
      });
      expect(await sendEntries(ingestOf(context), entries)).toMatchObject({ accepted: rows.length, rejected: 0 });
      const stats = await getServiceStats(context, name, "1h");
      expect(stats.total_count).toBe(rows.length);
      expect(stats.count_by_level).toMatchObject(expected);
    },
  );
});
