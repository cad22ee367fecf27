import { randomBytes } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { GeneratedLine } from "@/bench/generate-lines";
import { WIRES } from "@/bench/protocols/wires";
import { isFault } from "@/core/errors";
import type { EntryItem } from "@/core/ingest/decode/decoder";
import { decompressed } from "@/core/ingest/decode/read-body";
import { type BodyFormat, decoderOf } from "@/core/ingest/decoder-of";
import { EntryRows, type Outcome } from "@/core/ingest/entry-rows";
import { Ingest } from "@/core/ingest/ingest";
import { Masker } from "@/core/ingest/masking/masker";
import { taggedEvent } from "@/core/ingest/protocols/forward/forward-messages";
import { Frames } from "@/core/ingest/protocols/frames";
import type { ProtocolFormat } from "@/core/ingest/protocols/protocol-format";
import { readRows } from "@/core/ingest/read-rows";
import type { RowBlock } from "@/core/ingest/row-block";
import type { JobOptions } from "@/core/ingest/workers/messages";
import { RowWorkers } from "@/core/ingest/workers/row-workers";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { mutatedOf } from "@/core/testing/fuzz";
import { RETENTION_DAYS, removeEntries, storedAndCounted, testDatabase } from "@/core/testing/test-database";
import { startRowWorker } from "./start-row-worker";

const NOW = "2026-03-10T12:00:00.000Z";
const MASKING = { emails: true, cards: false, tokens: true, expressions: ["secret-[0-9]+"] };
const RULES = [{ service: "short", level: null, days: 2 }];
const database = testDatabase(NOW);
const threads: Worker[] = [];
let workers: RowWorkers;

const started = (count: number) =>
  new RowWorkers(
    () => {
      const thread = startRowWorker();
      threads.push(thread);
      return thread;
    },
    count,
    () => undefined,
  );

beforeAll(async () => {
  workers = started(2);
  await workers.ready();
});
afterAll(() => workers.close());
beforeEach(() => removeEntries(database));

const member = fc.oneof(
  fc.record({ message: fc.string({ unit: "binary" }) }),
  fc.record({ message: fc.constantFrom("mail to a@example.org", "secret-12 and secret-3", "took 12 ms", "took 7 ms") }),
  fc.record({ level: fc.constantFrom("info", "warn", "ERROR", "fatal", "unknown", 30) }),
  fc.record({ service: fc.constantFrom("shop", "short", "pay", "", "käse") }),
  fc.record({ timestamp: fc.constantFrom(NOW, "2026-03-07T00:00:00Z", "2020-01-01T00:00:00Z", "soon") }),
  fc.record({ tags: fc.array(fc.string(), { maxLength: 3 }) }),
  fc.record({ attributes: fc.record({ user: fc.record({ id: fc.nat() }), text: fc.string() }) }),
);
const entry = fc.array(member, { maxLength: 6 }).map((members) => Object.assign({}, ...members));
const line = fc.oneof(
  { weight: 9, arbitrary: entry.map((one) => Buffer.from(JSON.stringify(one))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...["{", "[]", "", "no JSON", '{"message":1}'].map((text) => Buffer.from(text))),
  },
  { weight: 1, arbitrary: fc.constant(Buffer.from([0x22, 0xff, 0xfe])) },
);
const separator = { ndjson: "\n", text: "\n", json: "," } as const;

type Made =
  | { bytes: Buffer[]; indices: number[]; counts: unknown; outcome: Outcome; items: readonly EntryItem[] }
  | { refused: string };

function told(blocks: readonly RowBlock[], outcome: Outcome, items: readonly EntryItem[]): Made {
  return {
    bytes: blocks.map((block) => {
      block.numberRows(1, 0);
      return Buffer.from(block.bytes);
    }),
    indices: blocks.flatMap((block) => [...block.indices]),
    counts: blocks.map(({ tally }) => [
      tally.serviceRows(),
      tally.countRows(),
      tally.patternRows(),
      [...tally.samples].sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
    outcome,
    items,
  };
}

const refusedOr = async (make: () => Promise<Made>): Promise<Made> => {
  try {
    return await make();
  } catch (error) {
    if (!isFault(error)) throw error;
    return { refused: `${error.kind}: ${error.message}` };
  }
};

async function* inPieces(body: Buffer, size: number): AsyncGenerator<Buffer> {
  // Each has its memory to itself, as what comes from a socket has.
  for (let at = 0; at < body.length; at += size) yield Buffer.from(new Uint8Array(body.subarray(at, at + size)).buffer);
}

const here = (body: Buffer, size: number, options: JobOptions) =>
  refusedOr(async () => {
    const { nowMs, parameters, services, format } = options;
    const retention = new RetentionPlan(options.retention.days, options.retention.days, options.retention.rules);
    const masker = options.masking && Masker.of(options.masking);
    const rows = new EntryRows({ nowMs, parameters, services, retention, masker }, options.listedErrors, 0);
    const decoder = decoderOf(format, rows, nowMs);
    for await (const piece of decompressed(inPieces(body, size), options.encodings)) decoder.push(piece);
    decoder.finish();
    return told([rows.block], rows.outcome(decoder), decoder.takeItems?.() ?? []);
  });

const byWorker = (body: Buffer, size: number, options: JobOptions) =>
  refusedOr(async () => {
    const items: EntryItem[] = [];
    const job = workers.begin(options, (found) => items.push(...found));
    if (!job) throw new RangeError("no worker is ready");
    const blocks: RowBlock[] = [];
    for await (const piece of inPieces(body, size)) {
      job.push(piece);
      const block = await job.settle();
      if (block) blocks.push(block);
    }
    const { block, outcome } = await job.finish(async (one) => void blocks.push(one));
    const all = [...blocks, block];
    const made = told(all, outcome, items);
    // The next bodies are written over them.
    for (const one of all) job.giveBack(one);
    return made;
  });

test("given any bodies, in any pieces, then a worker makes the same rows, counts and refusals of them as this thread", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 40 }),
      fc.constantFrom<BodyFormat>("json", "ndjson", "text"),
      fc.boolean(),
      fc.integer({ min: 1, max: 3_000 }),
      fc.option(fc.constantFrom(["shop"], ["shop", "pay"]), { nil: undefined }),
      fc.boolean(),
      async (lines, format, isCompressed, size, services, isMasked) => {
        const joined = Buffer.concat(lines.flatMap((one) => [one, Buffer.from(separator[format])]));
        const plain = format === "json" ? Buffer.concat([Buffer.from("["), joined, Buffer.from("{}]")]) : joined;
        const body = isCompressed ? gzipSync(plain) : plain;
        const options: JobOptions = {
          format,
          encodings: isCompressed ? ["gzip"] : [],
          announcedBytes: 0,
          listedErrors: 5,
          nowMs: Date.parse(NOW),
          parameters: { service: "given", tags: ["sent"] },
          services: services && new Set(services),
          retention: { days: RETENTION_DAYS, rules: RULES },
          masking: isMasked ? MASKING : null,
        };
        const [expected, made] = await Promise.all([here(body, size, options), byWorker(body, size, options)]);
        expect(made).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

/** Lines of which some are masked, some too old, and some of services that a key may not write. */
const lines = Array.from({ length: 8 }, (_, index): GeneratedLine => {
  const message = ["mail to a@example.org", "secret-12 and secret-3", 'said "no"', `took ${index} ms`][index % 4] ?? "";
  const attributes = `{"http":{"status":200,"method":"GET"},"region":"eu","trace_id":"0af${index}","host":"node-${index}"}`;
  const timestamp = new Date(Date.parse(NOW) - (index === 6 ? 4_000 : 1) * 86_400_000);
  return {
    timestamp,
    level: index % 2 === 0 ? "info" : "error",
    service: index < 5 ? "shop" : "short",
    message,
    attributes,
  };
});
const wireOf = (protocol: string, form: string): Buffer => {
  const wire = WIRES.find((one) => one.protocol === protocol && one.form === form);
  if (!wire) throw new RangeError(`no form ${form} of ${protocol}`);
  return wire.body(lines);
};
const framesOf = (...messages: (string | Buffer)[]): Buffer => {
  const frames = new Frames();
  for (const message of messages) frames.add(Buffer.from(message));
  frames.addRejection("it could not be read");
  return frames.bytes;
};
const jsonLines = lines.map(({ message, service }) => JSON.stringify({ message, service }));
const syslog = [
  `<165>1 ${NOW} host shop 42 - [line@32473 a="b"] mail to a@example.org`,
  "<13>Mar 10 11:59:59 host short[7]: secret-12",
  "no header",
];
/** Time and record of an event, as msgpack has them: 1773144000, {"message": "secret-7"}. */
const event = Buffer.from([
  0xce,
  0x69,
  0xb0,
  0x09,
  0x40,
  0x81,
  0xa7,
  ...Buffer.from("message"),
  0xa8,
  ...Buffer.from("secret-7"),
]);
const shared = { ddsource: "nginx", ddtags: "env:prod", hostname: "h", service: "pay" };
const protocols: readonly { format: ProtocolFormat; body: Buffer }[] = [
  { format: { protocol: "clef" }, body: wireOf("clef", "lines") },
  {
    format: { protocol: "seq" },
    body: Buffer.from(`{"Events":[{"MessageTemplate":"secret-{n}","Properties":{"n":1}}]}`),
  },
  { format: { protocol: "datadog", type: "json", shared }, body: wireOf("datadog", "array") },
  { format: { protocol: "datadog", type: "text", shared }, body: Buffer.from("secret-1\nsecond line\n") },
  { format: { protocol: "elasticsearch_bulk", index: "short" }, body: wireOf("elasticsearch", "bulk") },
  { format: { protocol: "elasticsearch_document", index: "shop" }, body: Buffer.from('{"message":\n"one"}') },
  {
    format: { protocol: "forward", tag: "shop" },
    body: Buffer.concat([Buffer.from([0x92]), event, Buffer.from([0x92]), event]),
  },
  {
    format: { protocol: "forward_messages" },
    body: framesOf(taggedEvent("shop", event), taggedEvent("käse", event)),
  },
  { format: { protocol: "gelf" }, body: wireOf("gelf", "lines") },
  { format: { protocol: "gelf_messages" }, body: framesOf('{"short_message":"secret-1","host":"shop"}', "{}", "[]") },
  {
    format: { protocol: "journal_entries" },
    body: framesOf(...jsonLines, `SYSLOG_IDENTIFIER=shop\nPRIORITY=3\nMESSAGE=secret-1\n\n`, "A=b\nno field\n\n"),
  },
  { format: { protocol: "logplex" }, body: Buffer.from(`${syslog[0]?.length} ${syslog[0]}`) },
  { format: { protocol: "loki_json" }, body: wireOf("loki", "JSON") },
  { format: { protocol: "loki_protobuf" }, body: wireOf("loki", "protobuf") },
  { format: { protocol: "otlp_json" }, body: wireOf("otlp", "JSON") },
  { format: { protocol: "otlp_protobuf" }, body: wireOf("otlp", "protobuf") },
  { format: { protocol: "splunk" }, body: wireOf("splunk", "events") },
  { format: { protocol: "splunk_raw", metadata: [["host", "a"]] }, body: Buffer.from("secret-1\nsecond line\n") },
  {
    format: { protocol: "syslog_messages", address: "192.0.2.1", timeZone: "UTC", haveKeys: false },
    body: framesOf(...syslog),
  },
  { format: { protocol: "vercel" }, body: Buffer.from(`[${jsonLines.join(",")}]`) },
];

test("given a compressed body of which nothing comes out for megabytes, then it is read to its end all the same", async () => {
  const empty = Buffer.from([0, 0, 0, 0xff, 0xff]);
  const line = gzipSync('{"message":"one"}\n');
  const headBytes = 10;
  const body = Buffer.concat([line.subarray(0, headBytes), Buffer.alloc(3_000_000, empty), line.subarray(headBytes)]);
  const options: JobOptions = {
    format: "ndjson",
    encodings: ["gzip"],
    announcedBytes: 0,
    listedErrors: 5,
    nowMs: Date.parse(NOW),
    parameters: {},
    services: undefined,
    retention: { days: RETENTION_DAYS, rules: [] },
    masking: null,
  };

  const made = await byWorker(body, 65_536, options);
  expect(made).toMatchObject({ outcome: { accepted: 1 } });
  expect(made).toEqual(await here(body, 65_536, options));
});

test.each(protocols)(
  "given bodies of $format.protocol, good and mutated, in any pieces, then a worker makes the same of them as this thread",
  async ({ format, body: good }) => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constant(good), mutatedOf(good)),
        fc.boolean(),
        fc.integer({ min: 1, max: 3_000 }),
        fc.option(fc.constantFrom(["shop"], ["shop", "pay"]), { nil: undefined }),
        fc.boolean(),
        async (plain, isCompressed, size, services, isMasked) => {
          const options: JobOptions = {
            format,
            encodings: isCompressed ? ["gzip"] : [],
            announcedBytes: 0,
            listedErrors: Number.POSITIVE_INFINITY,
            nowMs: Date.parse(NOW),
            parameters: { tags: ["sent"] },
            services: services && new Set(services),
            retention: { days: RETENTION_DAYS, rules: RULES },
            masking: isMasked ? MASKING : null,
          };
          const body = isCompressed ? gzipSync(plain) : plain;
          const [expected, made] = await Promise.all([here(body, size, options), byWorker(body, size, options)]);
          expect(made).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test("given a bulk that is written while it arrives, then each of its documents is told, and those that come again are known by their ids", async () => {
  const ingest = ingestWith(workers);
  const documents = 15_000;
  const bulk = Buffer.from(
    Array.from({ length: documents }, (_, index) => {
      const id = index % 2 === 0 ? `,"_id":"d${index}"` : "";
      return `{"create":{"_index":"shop"${id}}}\n${JSON.stringify({ message: `m ${index} ${"x".repeat(600)}` })}\n`;
    }).join(""),
  );
  const sendBulk = async () => {
    const items: EntryItem[] = [];
    const answer = await ingest.ingest({
      body: inPieces(bulk, 65_536),
      format: { protocol: "elasticsearch_bulk", index: "" },
      encodings: [],
      announcedBytes: bulk.length,
      tellsEach: true,
      itemsFound: (found) => items.push(...found),
      entryNameOf: (index) => items[index]?.id ?? null,
    });
    return { answer, items };
  };

  const first = await sendBulk();
  expect(first.answer).toEqual({ accepted: documents, rejected: 0, errors: [] });
  expect(first.items.map(({ id }) => id)).toEqual(
    Array.from({ length: documents }, (_, index) => (index % 2 === 0 ? `d${index}` : null)),
  );
  expect((await sendBulk()).answer).toMatchObject({ accepted: documents / 2, rejected: 0 });
  expect(await storedAndCounted(database)).toEqual({ entries: documents * 1.5, counted: documents * 1.5 });
});

const ingestWith = (used: RowWorkers) =>
  new Ingest(
    database,
    { retentionPlan: async () => new RetentionPlan(RETENTION_DAYS), masker: async () => null },
    used,
  );

const LINES = 30_000;
const large = Buffer.from(
  Array.from(
    { length: LINES },
    (_, index) => `${JSON.stringify({ service: "shop", message: `m ${index} ${"x".repeat(400)}` })}\n`,
  )
    .concat("{}\n")
    .join(""),
);

const send = (ingest: Ingest, body: AsyncIterable<Uint8Array>, idempotencyKey?: string) =>
  ingest.ingest({ body, format: "ndjson", encodings: [], announcedBytes: large.length, idempotencyKey });

test("given a body that is written while it arrives, when it comes again under its key, then it is stored once, and its rejection has its index", async () => {
  const ingest = ingestWith(workers);
  const first = await send(ingest, inPieces(large, 65_536), "large");
  expect(first).toMatchObject({ accepted: LINES, rejected: 1, errors: [{ index: LINES }] });
  expect(await send(ingest, inPieces(large, 65_536), "large")).toEqual(first);
  expect(await storedAndCounted(database)).toEqual({ entries: LINES, counted: LINES });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given tails that get what was written from memory, when further bodies come, then what they get is not written over", async () => {
  const ingest = ingestWith(workers);
  const { recent } = database;
  recent.want("tails", true);
  try {
    const bodies = ["first", "second", "third"].map((message) => {
      const line = `${JSON.stringify({ service: "shop", message: `${message} ${"x".repeat(400)}` })}\n`;
      return Buffer.from(line.repeat(1_000));
    });
    for (const body of bodies) await send(ingest, inPieces(body, 65_536));
    const { rows } = await database.db.execute<{ transaction: string }>(
      sql`select transaction::text as transaction from logs.ingest_commits order by ingest_commits.transaction`,
    );
    const kept = rows.flatMap(({ transaction }) => {
      const blocks = recent.get(transaction);
      return blocks
        ? [blocks.flatMap((block) => [...readRows(block)].map(({ message }) => message.split(" ")[0]))]
        : [];
    });
    expect(kept).toEqual(["first", "second", "third"].map((message) => Array.from({ length: 1_000 }, () => message)));
  } finally {
    recent.want("tails", false);
  }
});

test.each([
  ["br", 1],
  ["gzip", 0],
])(
  "given a small body in %s, of which little can be much or not, then %i workers make its rows",
  async (encoding, begun) => {
    const begin = vi.fn((...job: Parameters<RowWorkers["begin"]>) => workers.begin(...job));
    const compress = encoding === "br" ? brotliCompressSync : gzipSync;
    const body = compress(JSON.stringify({ service: "shop", message: "m" }));
    const settings = { retentionPlan: async () => new RetentionPlan(RETENTION_DAYS), masker: async () => null };
    const request = { format: "json" as const, encodings: [encoding], announcedBytes: body.length };
    const answer = await new Ingest(database, settings, { begin }).ingest({ ...request, body: inPieces(body, 10) });
    expect(answer).toMatchObject({ accepted: 1 });
    expect(begin).toHaveBeenCalledTimes(begun);
  },
);

test("given compressed bodies that are more than may be held, then one is told to come later, also while others' senders say nothing", async () => {
  const ingest = ingestWith(workers);
  const space = " ".repeat(58 * 1024 * 1024);
  // Pieces go to the worker when they are some 100 KiB together.
  const body = gzipSync(`{"resourceLogs":[],${space}"x":"${randomBytes(600_000).toString("base64")}"}`);
  let goOn = (): void => undefined;
  const wentOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  async function* slowly() {
    yield* inPieces(body.subarray(0, -20), 65_536);
    await wentOn;
    yield* inPieces(body.subarray(-20), 65_536);
  }
  const sendOne = (pieces: AsyncIterable<Uint8Array>) =>
    ingest.ingest({
      body: pieces,
      format: { protocol: "otlp_json" },
      encodings: ["gzip"],
      announcedBytes: body.length,
      tellsEach: true,
    });
  const slow = [sendOne(slowly()), sendOne(slowly())];
  await expect.poll(() => ingest.pending.bytes, { timeout: 30_000 }).toBeGreaterThan(2 * space.length);

  await expect(sendOne(inPieces(body, 65_536))).rejects.toMatchObject({ kind: "too_busy" });
  goOn();
  expect(await Promise.all(slow)).toMatchObject([{ accepted: 0 }, { accepted: 0 }]);
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given a sender that breaks off, then nothing of its body is stored or held", async () => {
  const ingest = ingestWith(workers);
  async function* broken() {
    yield* inPieces(large.subarray(0, large.length / 2), 65_536);
    throw new Error("the socket is gone");
  }
  await expect(send(ingest, broken())).rejects.toMatchObject({ kind: "invalid" });
  expect(await storedAndCounted(database)).toEqual({ entries: 0, counted: 0 });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });
});

test("given a worker that dies, then its request is told to come again with nothing of it stored, and the next one is taken", async () => {
  const own = started(1);
  await own.ready();
  const ingest = ingestWith(own);
  const thread = threads.at(-1);
  async function* body() {
    yield* inPieces(large.subarray(0, large.length / 2), 65_536);
    await thread?.terminate();
    yield* inPieces(large.subarray(large.length / 2), 65_536);
  }
  await expect(send(ingest, body(), "died")).rejects.toMatchObject({ kind: "unavailable" });
  expect(await storedAndCounted(database)).toEqual({ entries: 0, counted: 0 });
  expect(ingest.pending).toEqual({ rows: 0, bytes: 0 });

  await own.ready();
  expect(await send(ingest, inPieces(large, 65_536), "died")).toMatchObject({ accepted: LINES, rejected: 1 });
  expect(await storedAndCounted(database)).toEqual({ entries: LINES, counted: LINES });
  await own.close();
});
