import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
import { fingerprintMessage } from "@/core/patterns/fingerprint-message";
import { sealSpan } from "@/core/segments/seal-span";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { patternAliases } from "@/db/schema";
import { type FacetsAsked, getFacets } from "./get-facets";
import { parseQuery } from "./query/parse";
import type { Facet } from "./schemas";

const context = testDatabase("2026-03-10T12:00:00Z");
const START = Date.parse("2026-03-08T00:00:00Z");
const RANGE = { from: new Date(START), to: new Date("2026-03-10T12:00:00Z") };

type Sent = Record<string, unknown> & { attributes?: Record<string, unknown> };

/** Sends entries, of which the first ones are sealed. */
async function store(entries: readonly Sent[], sealed: number): Promise<void> {
  const timed = entries.map((entry, index) => ({ message: "m", ...entry, timestamp: START + index }));
  if (sealed > 0) {
    await sendEntries(ingestOf(context), timed.slice(0, sealed));
    await sealSpan(context, { from: RANGE.from, to: RANGE.to, splits: false });
  }
  if (sealed < entries.length) await sendEntries(ingestOf(context), timed.slice(sealed));
}

beforeEach(async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments, logs.stats_minute, logs.services cascade`);
  context.segments.groups.clear();
});

const ask = (q = "", asked: Partial<FacetsAsked> = {}) =>
  getFacets(context, { query: parseQuery(q), ...RANGE, withinMs: 60_000, ...asked });
const fieldsOf = async (q = "", asked: Partial<FacetsAsked> = {}) =>
  new Map((await ask(q, asked)).fields.map((field): [string, Facet] => [field.name, field]));

/** Counted by hand from what was sent. */
const entries: Sent[] = Array.from({ length: 3_000 }, (_, index) => ({
  service: index % 10 < 7 ? "facet-a" : "facet-b",
  level: index % 100 === 0 ? "error" : "info",
  tags: index % 2 === 0 ? ["even", "even"] : [],
  attributes: {
    http: { status: index % 10 === 0 ? 500 : 200 },
    userId: `user ${index % 40}`,
    took: index % 1_000,
    id: `id-${index}`,
    message_ansi: "m",
  },
}));

describe.each([
  ["hot", 0],
  ["sealed", 3_000],
  ["half of them sealed", 1_500],
])("given entries that are %s", (_, sealed) => {
  test("then values are counted over all that was found, each once an entry, and ids are left to be searched", async () => {
    await store(entries, sealed);
    const told = { complete: true, missing_segments: [], missing_count: 0, is_all: true };
    expect(await ask("service:facet-b")).toMatchObject({ ...told, sampled: 900 });
    const { fields, ...rest } = await ask();
    expect(rest).toEqual({ ...told, sampled: 3_000 });
    expect(fields.map(({ name }) => name)).toEqual(["service", "level", "tag", "http.status", "id", "took", "userId"]);
    const of = new Map(fields.map((field) => [field.name, field]));
    expect(of.get("service")).toEqual({
      name: "service",
      entries: 3_000,
      different: 2,
      has_longer: false,
      values: [
        { value: "facet-a", count: 2_100 },
        { value: "facet-b", count: 900 },
      ],
      numbers: null,
    });
    expect(of.get("tag")).toMatchObject({ entries: 1_500, values: [{ value: "even", count: 1_500 }] });
    expect(of.get("http.status")).toMatchObject({
      values: [
        { value: "200", count: 2_700 },
        { value: "500", count: 300 },
      ],
      numbers: null,
    });
    expect(of.get("userId")).toMatchObject({ entries: 3_000, different: 40, numbers: null });
    expect(of.get("userId")?.values).toHaveLength(8);
    expect(of.get("id")).toEqual({
      name: "id",
      entries: null,
      different: null,
      has_longer: false,
      values: [],
      numbers: null,
    });
    const numbers = of.get("took")?.numbers;
    expect(numbers).toMatchObject({ least: 0, greatest: 999 });
    expect(numbers?.bars).toEqual(
      Array.from({ length: 20 }, (_, bar) => ({ from: bar * 50, to: bar * 50 + 50, count: 150 })),
    );
  });

  test("then the values of a field can be searched, whatever their case, those of ids too", async () => {
    await store(entries, sealed);
    const [users] = (await ask("level:error", { field: "userId", search: "USER 2" })).fields;
    // Of every hundredth entry the user is 0 or 20.
    expect(users).toMatchObject({ entries: 15, different: 1, values: [{ value: "user 20", count: 15 }] });
    const [ids] = (await ask("", { field: "id", search: "-299" })).fields;
    expect(ids).toMatchObject({ entries: 11, different: 11 });
    expect(ids?.values.map(({ value }) => value)).toContain("id-2995");
    expect((await ask("", { field: "level", search: "err" })).fields[0]).toMatchObject({
      values: [{ value: "error", count: 30 }],
    });
    expect((await ask("", { field: "id", search: "nowhere" })).fields).toEqual([
      { name: "id", entries: 0, different: 0, has_longer: false, values: [], numbers: null },
    ]);
  });
});

test.each([
  ["hot", 0],
  ["sealed", 800],
])(
  "given attributes that are called like fields of every entry, %s, then no field has the values of another",
  async (_, sealed) => {
    // The first half is older than what is looked at for names, so that segments alone tell of its attributes.
    const named = Array.from({ length: 800 }, (_, index) => ({
      service: "facet-a",
      tags: ["red"],
      attributes:
        index < 400
          ? { message: "other", MSG: "other", tags: "other", plan: "free" }
          : { service: "other", Level: "other", tag: "other", timestamp: "other", pattern: "other", zone: "north" },
    }));
    await store(named, sealed);
    const fields = await fieldsOf();
    expect([...fields.values()].map(({ name, values }) => [name, values])).toEqual([
      ["service", [{ value: "facet-a", count: 800 }]],
      ["level", [{ value: "info", count: 800 }]],
      ["tag", [{ value: "red", count: 800 }]],
      ["zone", [{ value: "north", count: 400 }]],
      ...(sealed > 0 ? [["plan", [{ value: "free", count: 400 }]]] : []),
    ]);
  },
);

test("given more different numbers than are counted one by one, then the histogram is of all of them", async () => {
  const many = Array.from({ length: 24_000 }, (_, index) => ({ attributes: { bytes: index + 0.5 } }));
  await store(many, 12_000);
  const bytes = (await fieldsOf()).get("bytes");
  expect(bytes).toMatchObject({ entries: 24_000, different: null, values: [] });
  expect(bytes?.numbers).toEqual({
    least: 0.5,
    greatest: 23_999.5,
    bars: Array.from({ length: 12 }, (_, bar) => ({ from: bar * 2_000, to: bar * 2_000 + 2_000, count: 2_000 })),
  });
});

test.each([
  ["hot", 0],
  ["sealed", 26_400],
  ["half of them sealed", 13_200],
])(
  "given more different values than are counted one by one, %s, then those that come more often than any other are listed, with how often they come",
  async (_, sealed) => {
    // Of twelve lines four are of one user, two of the next, one of the third, and each of five is of another one.
    const users = Array.from({ length: 26_400 }, (_, index) => {
      const place = index % 12;
      const user = place < 4 ? "anna" : place < 6 ? "ben" : place < 7 ? "cleo" : `visitor ${index}`;
      return { attributes: { user } };
    });
    await store(users, sealed);
    const values = [
      { value: "anna", count: 8_800 },
      { value: "ben", count: 4_400 },
      { value: "cleo", count: 2_200 },
    ];
    expect((await fieldsOf()).get("user")).toMatchObject({ entries: 26_400, different: null, numbers: null, values });
    const [found] = (await ask("", { field: "user", search: "O" })).fields;
    expect(found).toMatchObject({ entries: 13_200, different: null, values: values.slice(2) });
    const [few] = (await ask("", { field: "user", search: "visitor 2639" })).fields;
    expect(few?.values).toHaveLength(few?.different ?? 0);
  },
);

describe.each([
  ["hot", 0],
  ["sealed", 105],
])("given values of all kinds, %s", (_, sealed) => {
  const browser = `Mozilla/5.0 ${"x".repeat(130)}`;
  const kinds: Sent[] = Array.from({ length: 105 }, (_, index) => ({
    message: index < 60 ? "order 1 lost" : "card 2 declined",
    attributes: {
      agent: index < 5 ? "curl/8.0" : browser,
      trace: index < 5 ? "short" : `at ${"y".repeat(300)}`,
      // The numbers from 1 to 20, as some senders write them and as others do.
      took: index < 80 ? String((index % 20) + 1) : `${((index - 80) % 20) + 1}.0`,
    },
  }));

  test("then long ones are among them, and of those that are too long it is said that there are more", async () => {
    await store(kinds, sealed);
    const fields = await fieldsOf();
    expect(fields.get("agent")).toMatchObject({
      different: 2,
      values: [
        { value: browser, count: 100 },
        { value: "curl/8.0", count: 5 },
      ],
    });
    expect(fields.get("trace")).toMatchObject({
      entries: 105,
      different: null,
      values: [{ value: "short", count: 5 }],
    });
    const [found] = (await ask("", { field: "agent", search: "MOZILLA" })).fields;
    expect(found).toMatchObject({ different: 1, values: [{ value: browser, count: 100 }] });
  });

  test("then a number is in the histogram however it is written", async () => {
    await store(kinds, sealed);
    const { numbers } = (await fieldsOf()).get("took") ?? {};
    expect(numbers).toMatchObject({ least: 1, greatest: 20 });
    expect(numbers?.bars.reduce((sum, { count }) => sum + count, 0)).toBe(105);
  });

  test("then a pattern that counts as another one is counted there, as what it finds", async () => {
    await store(kinds, sealed);
    const [order, card] = ["order 1 lost", "card 2 declined"].map((text) => fingerprintMessage(Buffer.from(text)));
    const values = async () => (await ask("", { field: "pattern" })).fields[0]?.values;
    expect(await values()).toEqual([
      { value: String(order), count: 60 },
      { value: String(card), count: 45 },
    ]);
    const merged = { pattern: order ?? 0n, canonical: card ?? 0n, reason: "person", createdAt: new Date() } as const;
    await context.db.insert(patternAliases).values(merged);
    try {
      expect(await values()).toEqual([{ value: String(card), count: 105 }]);
    } finally {
      await context.db.delete(patternAliases);
    }
  });
});

test("given too little time, then it says of how many entries the values are", async () => {
  await store(entries, 3_000);
  expect(await ask("", { withinMs: 0 })).toMatchObject({ is_all: false, sampled: 0 });
  expect(await ask()).toMatchObject({ is_all: true, sampled: 3_000 });
});

test("given nothing that is found, then there are no fields", async () => {
  await store(entries.slice(0, 3), 0);
  expect((await ask("nothing")).fields).toEqual([]);
});
