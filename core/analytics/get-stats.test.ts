import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { fingerprintMessage } from "@/core/patterns/fingerprint-message";
import { parseQuery } from "@/core/search/query/parse";
import { chunksOf, sealedScopeOf } from "@/core/search/sealed";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { spanOf } from "@/core/segments/read/plan-chunks";
import { sealSpan } from "@/core/segments/seal-span";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { formatInZone, momentInZone } from "@/core/zoned-time";
import { patternAliases } from "@/db/schema";
import { findPipe } from "./find-pipe";
import { getStats } from "./get-stats";
import { Grouping } from "./group-entries";
import { parsePipes } from "./parse-pipes";
import type { Stats } from "./pipe-tree";
import { optionsOf, type Question } from "./question";
import { Room } from "./room";
import { canTell, groupSealed, sealedGroupsOf } from "./sealed-groups";
import { ZoneClock } from "./zone-clock";

const NOW = "2026-03-10T12:00:00.000Z";
const NOW_MS = Date.parse(NOW);
const MINUTE = 60_000;
const context = testDatabase(NOW);

type Sent = {
  service: string;
  level: (typeof LEVELS)[number];
  message: string;
  tags: string[];
  attributes: {
    status?: number;
    bytes?: number | string;
    user?: { id: string | number };
    list?: (number | string)[];
    Mixed?: string;
  };
  timestamp: number;
};

/** The same in each run, with what is missing, no number, or several values. */
const sent: Sent[] = Array.from({ length: 600 }, (_, index) => ({
  service: ["shop", "pay", "search"][index % 3] ?? "",
  level: LEVELS[(index * 7) % 6] ?? "info",
  message: `request ${index} ${index % 5 === 0 ? "slow" : "fine"}`,
  tags: index % 4 === 0 ? ["canary", `v${index % 3}`] : [],
  attributes: {
    ...(index % 2 === 0 ? { status: [200, 404, 500][(index / 2) % 3] } : {}),
    ...(index % 3 === 0
      ? {}
      : { bytes: index % 11 === 0 ? "many" : index % 7 === 0 ? `${index}.5` : index * 1.25 - 40 }),
    user: { id: index % 13 === 0 ? `u${index % 4}` : index % 8 },
    ...(index % 9 === 0 ? { list: [index % 4, 1, "x", 1] } : {}),
    ...(index % 5 === 0 ? { Mixed: `M${index % 10}` } : {}),
  },
  timestamp: NOW_MS - index * 17 * MINUTE - (index % 60) * 1_000,
}));

/** Half of them are sealed, in three segments. */
beforeAll(async () => {
  await sendEntries(ingestOf(context), sent);
  const ends = [2_000, 500, 400, 300].map((index) => new Date(NOW_MS - index * 17 * MINUTE));
  for (const [index, to] of ends.slice(1).entries()) {
    await sealSpan(context, { from: ends[index] ?? to, to, splits: false });
  }
});

const RANGE = { from: new Date(NOW_MS - 10 * 86_400_000), to: new Date(NOW_MS + MINUTE) };

function ask(q: string, changed: Partial<Parameters<typeof getStats>[1]> = {}) {
  const pipe = findPipe(q) ?? q.length;
  const query = parseQuery(q.slice(0, pipe));
  return getStats(context, { query, pipeline: parsePipes(q, pipe), allKeptFrom: new Date(0), ...RANGE, ...changed });
}

const questionOf = (stats: Stats): Question => ({
  stats,
  stepMs: 3_600_000,
  span: { from: 0, to: 60_000 },
  clock: new ZoneClock("UTC"),
  grainMs: 3_600_000,
  canonical: new Map(),
});

/** What a member of an entry looks like to a group, by plain means. */
const VALUES: Readonly<Record<string, (entry: Sent) => string[]>> = {
  service: ({ service }) => [service],
  level: ({ level }) => [level],
  tags: ({ tags }) => tags,
  status: ({ attributes: { status } }) => (status === undefined ? [] : [String(status)]),
  bytes: ({ attributes: { bytes } }) => (bytes === undefined ? [] : [String(bytes)]),
  "user.id": ({ attributes: { user } }) => (user ? [String(user.id)] : []),
  list: ({ attributes: { list } }) => (list ?? []).map(String),
  Mixed: ({ attributes: { Mixed } }) => (Mixed === undefined ? [] : [Mixed]),
  message: ({ message }) => [message],
};
const numbersOf = (texts: string[]) => texts.map(Number).filter((value) => !Number.isNaN(value));

type Measured = { text: string; of(entries: Sent[], seconds: number): string | number | null };

const field = fc.constantFrom("status", "bytes", "user.id", "list");
const ascending = (values: number[]) => values.toSorted((a, b) => a - b);
/** As the definition says it: between the two values around the place, in proportion. */
function share(values: number[], of: number): number | null {
  const sorted = ascending(values);
  const place = of * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}
const sum = (values: number[]) => (values.length === 0 ? null : values.reduce((total, value) => total + value, 0));

const measure: fc.Arbitrary<Measured> = fc.oneof(
  fc.constant({ text: "count()", of: (entries: Sent[]) => entries.length }),
  fc.constant({ text: "rate()", of: (entries: Sent[], seconds: number) => entries.length / seconds }),
  field.map((name) => ({
    text: `count(${name})`,
    of: (entries: Sent[]) => entries.filter((entry) => (VALUES[name]?.(entry) ?? []).length > 0).length,
  })),
  field.map((name) => ({
    text: `count_distinct(${name})`,
    of: (entries: Sent[]) => new Set(entries.flatMap((entry) => VALUES[name]?.(entry) ?? [])).size,
  })),
  fc.tuple(fc.constantFrom("sum", "avg", "min", "max", "median", "p90", "quantile"), field).map(([kind, name]) => ({
    text: kind === "quantile" ? `quantile(0.1, ${name})` : `${kind}(${name})`,
    of(entries: Sent[]) {
      const values = numbersOf(entries.flatMap((entry) => VALUES[name]?.(entry) ?? []));
      if (values.length === 0) return null;
      if (kind === "min") return Math.min(...values);
      if (kind === "max") return Math.max(...values);
      if (kind === "sum") return sum(values);
      if (kind === "avg") return (sum(values) ?? 0) / values.length;
      return share(values, kind === "median" ? 0.5 : kind === "p90" ? 0.9 : 0.1);
    },
  })),
  fc.tuple(fc.constantFrom("first", "last"), field).map(([kind, name]) => ({
    text: `${kind}(${name})`,
    of(entries: Sent[]) {
      const inTime = entries.toSorted((a, b) => a.timestamp - b.timestamp);
      const having = inTime.map((entry) => VALUES[name]?.(entry) ?? []).filter((texts) => texts.length > 0);
      return (kind === "first" ? having[0]?.[0] : having.at(-1)?.at(-1)) ?? null;
    },
  })),
);

type Keyed = { text: string; of(entry: Sent, zone: string): (string | number | null)[] };
const inMicros = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}000Z`;
/** When New York's clocks are put forward, the only such moment of the time: steps of an hour or less begin anew there. */
const CHANGE_MS = Date.parse("2026-03-08T07:00:00Z");
const isChangedWithin = (from: number, to: number, zone: string) =>
  zone === "America/New_York" && from < CHANGE_MS && CHANGE_MS < to;
const shownIn = (ms: number, zone: string) => Date.parse(`${formatInZone(ms, zone, "yyyy-MM-dd'T'HH:mm:ss.SSS")}Z`);
/** When the clocks of a zone showed the last multiple of a step. */
function shownAt(ms: number, zone: string, step: number): number {
  const start = ms - (shownIn(ms, zone) % step);
  return isChangedWithin(start, ms + 1, zone) ? CHANGE_MS : start;
}
/** When they show the next one. */
function endOf(start: number, zone: string, step: number): number {
  const end = start + step - (shownIn(start, zone) % step);
  return isChangedWithin(start, end, zone) ? CHANGE_MS : end;
}
const orNone = (texts: string[]) => (texts.length === 0 ? [null] : [...new Set(texts)]);
const key: fc.Arbitrary<Keyed> = fc.oneof(
  fc.constantFrom("service", "level", "tags", "status", "user.id", "list").map((name) => ({
    text: name,
    of: (entry: Sent) => orNone(VALUES[name]?.(entry) ?? []),
  })),
  fc.constantFrom(["30s", 30_000], ["1h", 3_600_000], ["7m", 420_000]).map(([text, step]) => ({
    text: `time(${text})`,
    of: ({ timestamp }: Sent, zone: string) => [inMicros(shownAt(timestamp, zone, Number(step)))],
  })),
  fc.constant({
    text: "time(1d)",
    of: ({ timestamp }: Sent, zone: string) => {
      const midnight = momentInZone(formatInZone(timestamp, zone, "yyyy-MM-dd'T'00:00:00"), zone);
      return [inMicros(midnight?.getTime() ?? 0)];
    },
  }),
  fc.constant({
    text: "hour",
    of: ({ timestamp }: Sent, zone: string) => [Number(formatInZone(timestamp, zone, "H"))],
  }),
  fc.constant({
    text: "weekday",
    of: ({ timestamp }: Sent, zone: string) => [Number(formatInZone(timestamp, zone, "i"))],
  }),
);
const query = fc.constantFrom<[string, (entry: Sent) => boolean]>(
  ["", () => true],
  ["service:shop", ({ service }) => service === "shop"],
  ["level>=error", ({ level }) => level === "error" || level === "fatal"],
  ["slow", ({ message }) => message.includes("slow")],
  ["status>=400 OR canary", ({ attributes, message }) => (attributes.status ?? 0) >= 400 || message.includes("canary")],
  ["nothing", () => false],
);

type Row = (string | number | null)[];
const rounded = (cell: string | number | null) => (typeof cell === "number" ? Number(cell.toPrecision(12)) : cell);
const asText = (rows: Row[]) => rows.map((row) => JSON.stringify(row.map(rounded))).sort();

/** Days to either side of now, some of which cut segments. */
const range = fc.oneof(
  fc.constant(RANGE),
  fc.tuple(fc.integer({ min: 3_000, max: 12_000 }), fc.integer({ min: 1, max: 6_000 })).map(([ago, length]) => ({
    from: new Date(NOW_MS - ago * MINUTE),
    to: new Date(NOW_MS - Math.max(0, ago - length) * MINUTE),
  })),
);
/** One of them changes its clocks within the time. */
const zone = fc.constantFrom("UTC", "Asia/Kathmandu", "America/New_York");

test("given any groups and measures of any query and time, hot and sealed, computed or kept, then they are what plain evaluation gives", async () => {
  const asked = fc.record({
    range,
    zone,
    query,
    measures: fc.array(fc.record({ measure, condition: fc.option(query) }), { minLength: 1, maxLength: 3 }),
    keys: fc.uniqueArray(key, { maxLength: 3, selector: ({ text }) => text.replace(/\(.*/, "") }),
  });
  await fc.assert(
    fc.asyncProperty(asked, async ({ range: { from, to }, zone: name, query: [text, matches], measures, keys }) => {
      const written = measures.map(({ measure: { text: call }, condition }, index) => {
        const only = condition && condition[0] !== "" ? ` if (${condition[0]})` : "";
        return `${call}${only} as m${index}`;
      });
      const by = keys.length === 0 ? "" : ` by (${keys.map((one) => one.text).join(", ")})`;
      const selected = sent.filter(
        (entry) => matches(entry) && entry.timestamp >= from.getTime() && entry.timestamp < to.getTime(),
      );
      const groups = new Map<string, { key: Row; entries: Sent[] }>();
      if (keys.length === 0) groups.set("[]", { key: [], entries: [] });
      for (const entry of selected) {
        let rows: Row[] = [[]];
        for (const { of } of keys) rows = rows.flatMap((row) => of(entry, name).map((value) => [...row, value]));
        for (const row of rows) {
          const group = groups.get(JSON.stringify(row)) ?? { key: row, entries: [] };
          group.entries.push(entry);
          groups.set(JSON.stringify(row), group);
        }
      }
      const step = keys.findIndex(({ text: name }) => name.startsWith("time"));
      const lengths = { "time(30s)": 30_000, "time(7m)": 420_000, "time(1h)": 3_600_000 };
      // Of a step what of it lies in the range; a day ends when the next one begins.
      const secondsOf = (row: Row) => {
        const start = step < 0 ? from.getTime() : Date.parse(String(row[step]));
        const length = new Map(Object.entries(lengths)).get(keys[step]?.text ?? "");
        const nextDay = momentInZone(formatInZone(start + 36 * 3_600_000, name, "yyyy-MM-dd'T'00:00:00"), name);
        const endOfStep = length === undefined ? (nextDay?.getTime() ?? 0) : endOf(start, name, length);
        const end = step < 0 ? to.getTime() : endOfStep;
        return (Math.min(end, to.getTime()) - Math.max(start, from.getTime())) / 1_000;
      };
      const expected = [...groups.values()].map(({ key: row, entries }) => [
        ...row,
        ...measures.map(({ measure: { of }, condition }) =>
          of(condition ? entries.filter(condition[1]) : entries, secondsOf(row)),
        ),
      ]);
      const once = async () => {
        const answer = await ask(`${text} | stats ${written.join(", ")}${by}`, { from, to, zone: name });
        expect(asText(answer.rows)).toEqual(asText(expected));
        expect(answer).toMatchObject({
          entries: selected.length,
          total_rows: expected.length,
          sampled: false,
          complete: true,
        });
      };
      await once();
      // From what this process keeps, and then from what the database does.
      await once();
      context.segments.groups.clear();
      await once();
    }),
    { numRuns: 60 },
  );
}, 240_000);

test("given days of which one has 23 hours, and the first and the last are not whole, then rates are of what there is of them", async () => {
  const range = {
    from: new Date("2026-03-07T17:00:00Z"),
    to: new Date("2026-03-10T12:01:00Z"),
    zone: "America/New_York",
  };
  for (const selected of ["", "-nothing"]) {
    const { rows } = await ask(`${selected} | stats count(), rate() by (time(1d))`, range);
    const hours = rows.map(([, count, rate]) => Number(count) / Number(rate) / 3_600);
    expect(hours.map((length) => Number(length.toFixed(6)))).toEqual([12, 23, 24, Number((8 + 1 / 60).toFixed(6))]);
  }
});

describe("what comes after the groups", () => {
  test("given counts by service and their share of errors, then they are computed, chosen and sorted", async () => {
    const { columns, rows } = await ask(
      "| stats count() as total, count() if (level>=error) as errors by (service) | math errors / total * 100 as percent | where total > 1 | sort by percent desc, service | limit 2 | fields percent, service",
    );
    const of = (name: string) => {
      const own = sent.filter(({ service }) => service === name);
      return [
        (100 * own.filter(({ level }) => level === "error" || level === "fatal").length) / own.length,
        name,
      ] as const;
    };
    const expected = ["shop", "pay", "search"].map(of).toSorted((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1));
    expect(columns).toEqual([
      { name: "percent", type: "number", field: null, empty: null, adds: false, condition: null },
      { name: "service", type: "text", field: "service", empty: null, adds: false, condition: null },
    ]);
    expect(rows).toEqual(expected.slice(0, 2));
  });

  test("given no order, then times come in theirs, and other groups with the most first", async () => {
    const { rows } = await ask("| stats count() by (time(1d))");
    expect(rows.map(([time]) => time)).toEqual(rows.map(([time]) => time).toSorted());
    expect((await ask("| top 2 by (status)")).rows).toEqual([
      [null, 300],
      ["200", 100],
    ]);
  });

  test("given a group without a value, then it is neither equal nor unequal, its results are none, and it comes last", async () => {
    const all = await ask("| stats count() as n by (status) | sort by status");
    expect(all.rows.map(([status]) => status)).toEqual(["200", "404", "500", null]);
    expect((await ask('| stats count() as n by (status) | where status != "200"')).rows).toHaveLength(2);
    expect((await ask("nothing | stats sum(bytes) as s, count() as n | math s / n as x")).rows).toEqual([
      [null, 0, null],
    ]);
  });

  test("given values that are no numbers, then they are in no result, and said", async () => {
    const { not_numbers, rows } = await ask("| stats max(bytes) as most, max(user.id) as id, count(bytes) as having");
    const texts = sent.flatMap(({ attributes: { bytes } }) => (bytes === undefined ? [] : [String(bytes)]));
    expect(not_numbers).toEqual({
      most: texts.filter((text) => text === "many").length,
      id: sent.filter(({ attributes: { user } }) => String(user?.id).startsWith("u")).length,
    });
    expect(rows[0]?.[2]).toBe(texts.length);
  });

  test("given entries that are in several groups, then each of their values is said once", async () => {
    const { not_numbers } = await ask("| stats sum(bytes) as s by (tag)");
    const many = sent.filter(({ attributes: { bytes } }) => bytes === "many");
    // Each that has tags has two.
    expect(many.filter(({ tags }) => tags.length > 1).length).toBeGreaterThan(3);
    expect(not_numbers).toEqual({ s: many.length });
  });
});

test("given patterns that count as another, then conditions and groups take them for that one, hot and sealed", async () => {
  const [slow, fine] = ["request 5 slow", "request 1 fine"].map((text) => fingerprintMessage(Buffer.from(text)));
  const merged = { pattern: slow ?? 0n, canonical: fine ?? 0n, reason: "person", createdAt: new Date(NOW) } as const;
  const q = `| stats count() if (pattern:${slow}) as all, count_distinct(pattern) as different, count() as n by (pattern)`;
  const before = await ask(q);
  await context.db.insert(patternAliases).values(merged);
  try {
    const after = await ask(q);
    expect(before.rows.toSorted()).toEqual(
      [
        [String(slow), 120, 1, 120],
        [String(fine), 0, 1, 480],
      ].toSorted(),
    );
    expect(after.rows).toEqual([[String(fine), 600, 1, 600]]);
    // Each row's count is what a search for its pattern finds.
    expect((await ask(`pattern:${fine} | stats count()`)).rows).toEqual([[600]]);
  } finally {
    await context.db.delete(patternAliases);
  }
});

describe("what it costs", () => {
  test("given counts by service, level and time, then no entry is read", async () => {
    const locked = { ...context, turns: { ...context.turns, stats: new Turns(1) } };
    // Whoever reads entries waits for this turn, which nobody gives back.
    await locked.turns.stats.take();
    const q = "level>=error | stats count() as n, rate() if (service:shop) as shop by (service, time(1d), hour)";
    const pipe = findPipe(q) ?? 0;
    const asked = {
      query: parseQuery("level>=error"),
      pipeline: parsePipes(q, pipe),
      allKeptFrom: new Date(0),
      ...RANGE,
    };
    const counted = await getStats(locked, asked);
    // The same by the entries, which a condition on what is not counted makes it read.
    const read = await ask(q.replace("level>=error", "(level>=error -nothing)"));
    expect(asText(counted.rows)).toEqual(asText(read.rows));
  });

  test("given attributes that have columns in a sealed file, then entries that are alike come as one, else each by itself", async () => {
    const groupedBy = async (q: string) => {
      const pipe = findPipe(q) ?? 0;
      const groups = sealedGroupsOf(questionOf(parsePipes(q, pipe).stats));
      if (groups === null) return null;
      const scope = sealedScopeOf(parseQuery(q.slice(0, pipe)), undefined);
      const [missing, { signal }] = [new Missing(), new AbortController()];
      const segments = await listSegments(context.db, RANGE.from, RANGE.to);
      if (!canTell(groups, scope, segments)) return null;
      const search = { segments, scope, span: spanOf(RANGE.from, RANGE.to), order: null, missing } as const;
      const question = questionOf(parsePipes(q, pipe).stats);
      const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
      for await (const chunk of chunksOf(context, search)) {
        await groupSealed(context, chunk, { groups, scope, missing, signal }, () => grouping);
      }
      return grouping.entries;
    };
    const sealed = sent.slice(301);
    const slow = sealed.filter(({ message }) => message.includes("slow"));
    expect(
      await groupedBy(
        "slow | stats p95(user.id), count() if (status>=404) by (service, status, time(1h), hour, pattern)",
      ),
    ).toBe(slow.length);
    expect(await groupedBy("slow | stats sum(bytes), count_distinct(nowhere) by (list)")).toBe(slow.length);
    expect(await groupedBy("| stats count() if (list:x)")).toBeNull();
    expect(await groupedBy("| stats last(user.id)")).toBeNull();
    expect(await groupedBy("| stats count() by (tag, message)")).toBe(sealed.length);
  });

  test("given more time than it may take, or a client that goes away, then it ends with a sentence", async () => {
    await expect(ask("slow | stats count()", { withinMs: 0 })).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("takes longer than the 0 seconds that it may"),
    });
    const gone = AbortSignal.abort(new Error("gone away"));
    await expect(ask("slow | stats count()", { signal: gone })).rejects.toThrow("gone away");
  });

  test("given as many that compute as may, then the next is told to come again", async () => {
    const turns = { ...context.turns, stats: new Turns(1, { most: 0, what: "computations" }) };
    const q = "slow | stats count()";
    const asked = { query: parseQuery("slow"), pipeline: parsePipes(q, 5), allKeptFrom: new Date(0), ...RANGE };
    await expect(getStats({ ...context, turns }, asked)).rejects.toMatchObject({ kind: "too_busy" });
  });

  test("given one that waits for its turn longer than it may compute, then it goes on waiting", async () => {
    const turns = { ...context.turns, stats: new Turns(1) };
    const release = await turns.stats.take();
    const asked = {
      query: parseQuery("slow"),
      pipeline: parsePipes("| stats count()", 0),
      allKeptFrom: new Date(0),
      ...RANGE,
    };
    const answer = getStats({ ...context, turns }, { ...asked, withinMs: 20 });
    await expect.poll(() => turns.stats.waiting).toBe(1);
    const timeUp = AbortSignal.timeout(40);
    await new Promise((resolve) => timeUp.addEventListener("abort", resolve));
    expect(turns.stats.waiting).toBe(1);
    release();
    // It may be as quick as that, or not.
    await Promise.allSettled([answer]);
    expect(turns.stats.waiting).toBe(0);
  });

  const groupingOf = (q: string) =>
    new Grouping(parsePipes(q, 0).stats, { ...optionsOf(questionOf(parsePipes(q, 0).stats)), room: new Room() });
  const entry = (id: number, message: string) => ({
    id: String(id),
    micros: "0",
    service: "shop",
    level: "info" as const,
    message,
    pattern: null,
    tags: null,
    attributes: null,
  });

  test("given more groups than there is room for, then it is refused and says what to do", () => {
    const grouping = groupingOf("| stats count() by (message)");
    for (let id = 0; id < LIMITS.computedGroups; id++) grouping.addEntry(entry(id, `m${id}`));
    expect(grouping.table().rows).toHaveLength(LIMITS.computedGroups);
    grouping.addEntry(entry(1, "m1"));
    expect(() => grouping.addEntry(entry(1, "one more"))).toThrow(/more than 100000 groups: group by less, or narrow/);
  });

  test("given more values than there is room for, then it is refused before the memory is full", () => {
    const grouping = groupingOf("| stats count() by (message)");
    const message = "x".repeat(60_000);
    let taken = 0;
    expect(() => {
      for (; taken < 10_000; taken++) grouping.addEntry(entry(taken, `${taken}${message}`));
    }).toThrow(/more values in memory than there is room for/);
    expect(taken).toBeGreaterThan(500);
  });
});
