import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";

const NOW = "2026-03-10T12:00:00.000Z";
const context = testDatabase(NOW);
const good = { service: "shop", message: "m" };

beforeEach(() => context.db.execute(sql`truncate logs.logs`));

/** Stores one entry and reads it back past the application. */
async function store(entry: unknown) {
  await sendEntries(ingestOf(context), [entry]);
  const { rows } = await context.db.execute(
    sql`select timestamp, service, level, message, tags, attributes::text from logs.logs`,
  );
  expect(rows).toHaveLength(1);
  return rows[0];
}

const refused = (entry: unknown) =>
  sendEntries(ingestOf(context), [entry]).then(
    () => "it was accepted",
    (error: Error) => error.message,
  );

describe("levels", () => {
  test.each([
    ["TRACE", "trace"],
    ["verbose", "trace"],
    ["Debug", "debug"],
    ["info", "info"],
    ["Notice", "info"],
    ["INFORMATION", "info"],
    ["warn", "warning"],
    ["Warning", "warning"],
    ["err", "error"],
    ["ERROR", "error"],
    ["critical", "fatal"],
    ["crit", "fatal"],
    ["alert", "fatal"],
    ["emerg", "fatal"],
    ["panic", "fatal"],
    ["Fatal", "fatal"],
    [" error ", "error"],
    ["VRB", "trace"],
    ["silly", "trace"],
    ["dbg", "debug"],
    ["INF", "info"],
    ["I", "info"],
    ["WRN", "warning"],
    ["E", "error"],
    ["FTL", "fatal"],
    ["DPANIC", "fatal"],
    // syslog
    [0, "fatal"],
    ["3", "error"],
    [4, "warning"],
    [5, "info"],
    [6, "info"],
    [7, "debug"],
    // pino
    [10, "trace"],
    [20, "debug"],
    [30, "info"],
    [40, "warning"],
    [50, "error"],
    [60, "fatal"],
    // Monolog
    [100, "debug"],
    [250, "info"],
    [300, "warning"],
    [550, "fatal"],
  ])("given the level %j, then it is stored as %s", async (level, stored) => {
    expect(await store({ ...good, level })).toMatchObject({ level: stored, attributes: null });
  });

  test.each(["loud", "", 35, true, { a: 1 }, "ERRORS"])(
    "given the unknown level %j, then it is info and the original is kept",
    async (level) => {
      const stored = await store({ ...good, level, attributes: { a: 1 } });
      expect(stored).toMatchObject({ level: "info" });
      expect(JSON.parse(String(stored?.attributes))).toEqual({ a: 1, level_original: level });
    },
  );
});

describe("without a level", () => {
  test.each([
    ["2026-03-10 11:00:00,123 ERROR [main] boom", "error"],
    ["level=warn msg=slow", "warning"],
    ['time="2026-03-10T11:00:00Z" level=error msg="boom"\n', "error"],
    ["\u001b[31mERROR\u001b[0m boom", "error"],
    ["  panic: runtime error", "fatal"],
    [`{"x": ERROR boom`, "info"],
    ["no ERROR here", "info"],
    ["level=loud msg=x", "info"],
    ["", "info"],
    [{ ERROR: 1 }, "info"],
    [undefined, "info"],
  ])("given the message %j, as a shipper brings it, then it is stored as %s", async (log, level) => {
    expect(await store({ service: "shop", log })).toMatchObject({ level });
  });
});

describe("timestamps", () => {
  test.each([
    ["2026-03-10T11:00:00.123456Z", "2026-03-10 11:00:00.123456+00"],
    ["2026-03-10T13:00:00+02:00", "2026-03-10 11:00:00+00"],
    ["2026-03-10 11:00:00,123", "2026-03-10 11:00:00.123+00"],
    ["10/Mar/2026:11:00:00 +0000", "2026-03-10 11:00:00+00"],
    [1773140400.5, "2026-03-10 11:00:00.5+00"],
    ["1773140400123456789", "2026-03-10 11:00:00.123456+00"],
    [Date.parse("2026-03-01T00:00:00.001Z"), "2026-03-01 00:00:00.001+00"],
    [undefined, "2026-03-10 12:00:00+00"],
    [null, "2026-03-10 12:00:00+00"],
    ["2026-03-11T12:00:00Z", "2026-03-11 12:00:00+00"],
    ["2026-02-08T12:00:00Z", "2026-02-08 12:00:00+00"],
  ])("given %j, then it is stored as %s", async (timestamp, stored) => {
    expect(await store({ ...good, timestamp })).toMatchObject({ timestamp: stored });
  });

  test.each([
    ["2026-03-11T12:00:00.001Z", "more than a day ahead"],
    ["2026-02-08T11:59:59.999Z", "more than 30 days ago"],
    [1e300, "ahead"],
    [-1e300, "days ago"],
    [0, "days ago"],
    [Number.MAX_SAFE_INTEGER, "ahead"],
  ])("given %j, then the entry is rejected, because %s", async (timestamp, reason) => {
    expect(await refused({ ...good, timestamp })).toContain(reason);
  });

  test.each(["yesterday", "", true, [1], { at: "noon" }])(
    "given %j, which is no time, then the entry has the time of arrival and what was sent is kept",
    async (timestamp) => {
      const stored = await store({ ...good, timestamp });
      expect(stored).toMatchObject({ timestamp: "2026-03-10 12:00:00+00" });
      expect(JSON.parse(String(stored?.attributes))).toEqual({ timestamp_original: timestamp });
    },
  );
});

describe("limits and other members", () => {
  test("given a message of more than 64 KiB, then it is cut at a whole character and marked", async () => {
    // Each of these characters has four bytes, so after the "a" none ends at the limit.
    const stored = await store({ ...good, message: `a${"😀".repeat(16_384)}` });
    expect(stored?.message).toBe(`a${"😀".repeat(16_383)}`);
    expect(JSON.parse(String(stored?.attributes))).toEqual({ message_truncated_from_bytes: 65_537 });
  });

  test.each([
    [{}, "must not be empty"],
    [{ ...good, service: "x".repeat(201) }, "1 to 200 characters"],
    [{ ...good, service: "\t" }, "not be blank"],
    [{ ...good, attributes: { a: "x".repeat(65_536) } }, "attributes must be at most 65536 bytes"],
    [{ ...good, other: "x".repeat(65_536) }, "attributes must be at most 65536 bytes"],
    [{ ...good, tags: Array.from({ length: 101 }, () => "a") }, "at most 100"],
    [{ ...good, tags: ["x".repeat(201)] }, "at most 200 characters"],
  ])("given an entry against a limit, then it is rejected: %#", async (entry, reason) => {
    expect(await refused(entry)).toContain(reason);
  });

  test("given 200 characters of several bytes as service, then they are accepted", async () => {
    expect(await store({ ...good, service: "ü".repeat(200) })).toMatchObject({ service: "ü".repeat(200) });
  });

  test("given attributes, then they are stored as sent, big numbers and all", async () => {
    const body = '[{"service":"shop","message":"m","attributes":{"n":12345678901234567890,"s":"\\u00e4"}}]';
    await ingestOf(context).ingest({
      body: new Blob([body]).stream(),
      format: "json",
      encodings: [],
      announcedBytes: 0,
    });
    const { rows } = await context.db.execute(sql`select attributes::text from logs.logs`);
    expect(rows).toEqual([{ attributes: '{"n":12345678901234567890,"s":"\\u00e4"}' }]);
  });

  test("given members that the format does not name, then they join the attributes", async () => {
    const stored = await store({
      service_name: "shop",
      message: "m",
      context: { a: 1 },
      user: 7,
      host: "n1",
      tags: ["x", "ü"],
    });
    expect(stored).toMatchObject({ service: "shop", tags: ["x", "ü"] });
    expect(JSON.parse(String(stored?.attributes))).toEqual({ a: 1, user: 7, host: "n1" });
  });

  test.each([{ tags: "a" }, { tags: [1] }, { tags: { a: 1 } }, { attributes: 1 }, { context: [1] }, { metadata: "m" }])(
    "given %j, which is not of the kind that the format has there, then it is an attribute",
    async (members) => {
      const stored = await store({ ...good, ...members });
      expect(stored).toMatchObject({ tags: null });
      expect(JSON.parse(String(stored?.attributes))).toEqual(members);
    },
  );

  test("given members and attributes of one name, then the later ones get numbers", async () => {
    const attributes = { user: 1, user_2: 2, level_original: "mine" };
    const stored = await store({ ...good, attributes, user: 3, level: "loud" });
    expect(JSON.parse(String(stored?.attributes))).toEqual({ ...attributes, user_3: 3, level_original_2: "loud" });
  });

  test("given a blank name of an application, then it counts as none", async () => {
    const stored = await store({ message: "m", app: " " });
    expect(stored).toMatchObject({ service: "unknown" });
    expect(JSON.parse(String(stored?.attributes))).toEqual({ app: " " });
  });

  test("given an entry without a message after one with a template, then it has nothing of that", async () => {
    const template = 'say "{X}"';
    await sendEntries(ingestOf(context), [{ MessageTemplate: template, Properties: { X: 1 } }, { foo: 1 }]);
    const { rows } = await context.db.execute(sql`select message, attributes::text from logs.logs order by id`);
    const attributes = rows.map((row) => JSON.parse(String(row.attributes)));
    expect(rows.map((row) => row.message)).toEqual(['say "1"', '{"foo":1}']);
    expect(attributes).toEqual([{ Properties: { X: 1 }, message_template: template }, { foo: 1 }]);
  });

  test("given colours in message and level, then they are read without, and the message is kept with them too", async () => {
    const message = "\u001b[1;31mcard \u001b[0mdeclined";
    const stored = await store({ ...good, message, level: "\u001b[33mwarn\u001b[39m" });
    expect(stored).toMatchObject({ message: "card declined", level: "warning" });
    expect(JSON.parse(String(stored?.attributes))).toEqual({ message_ansi: message });
  });

  test("given escapes in service and message, then they are resolved", async () => {
    expect(await store({ service: 'a"b', message: "line\n\ttab \\ é" })).toMatchObject({
      service: 'a"b',
      message: "line\n\ttab \\ é",
    });
  });
});
