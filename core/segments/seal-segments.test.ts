import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { addMs, MINUTE_MS } from "@/core/clock";
import { exportLogs } from "@/core/search/export/export-logs";
import type { ExportFormat } from "@/core/search/export/formats";
import { getContext } from "@/core/search/get-context";
import { getEntry } from "@/core/search/get-entry";
import { getFacets } from "@/core/search/get-facets";
import { getHistogram } from "@/core/search/get-histogram";
import { parseQuery } from "@/core/search/query/parse";
import type { Entry } from "@/core/search/schemas";
import { searchLogs } from "@/core/search/search-logs";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { sealSegments } from "./seal-segments";

const context = testDatabase("2026-03-10T12:00:00Z");
const span = { from: new Date("2026-02-20T00:00:00Z"), to: new Date("2026-03-12T00:00:00Z") };

const hotRows = async () => {
  const { rows } = await context.db.execute<{ rows: number }>(sql`select count(*)::int as rows from logs.logs`);
  return rows[0]?.rows;
};
const find = async (q: string, limit = 1_000) =>
  (await searchLogs(context, { query: parseQuery(q), ...span, limit })).entries;

/** Texts that CSV, JSON and folding could get wrong. */
const TEXTS = [
  "plain words",
  'with "quotes", commas, \\backslashes\\ and \\N',
  "two\nlines\r\nand a return\r",
  " leading and trailing ",
  "",
  "äöü ÄÖÜ ẞ İstanbul \u212Aelvin 😀",
  "tab\there, null-like: NULL",
  "\u0001\u001b[31mred\u001b[0m",
];

const entries = TEXTS.flatMap((message, index) => [
  {
    service: index % 2 === 0 ? "shop" : 'pay, "main"',
    level: ["info", "error", "debug", "fatal"][index % 4],
    message: message === "" ? "{}" : message,
    timestamp: Date.parse("2026-03-08T10:00:00Z") + index * 61_000,
    tags: index % 3 === 0 ? ["a,b", "C d", '"'] : undefined,
    attributes: { text: message, number: index + 0.5, nested: { Deep: [index, message] }, "dotted.name": index },
  },
]);

class CountedTurns extends Turns {
  taken = 0;

  override take(signal?: AbortSignal): Promise<() => void> {
    this.taken++;
    return super.take(signal);
  }
}

describe("sealing", () => {
  let before: Entry[] = [];

  beforeAll(async () => {
    await sendEntries(ingestOf(context), entries);
    before = await find("");
  });

  test("given entries of a day that is over, then they leave the database for a file, and every reader finds what it found", async () => {
    const [newest] = before;
    const read = async () => ({
      found: await find(""),
      histogram: await getHistogram(context, { query: parseQuery("text:*"), ...span, allKeptFrom: new Date(0) }),
      facets: await getFacets(context, { query: parseQuery(""), ...span }),
      context: await getContext(context, before[3]?.id ?? "", 10),
      csv: await exported("csv"),
      ndjson: (await exported("ndjson"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
      paged: await paged(3),
      one: await getEntry(context, newest?.id ?? ""),
    });
    const expected = await read();
    expect(expected.found).toHaveLength(entries.length);

    expect(await sealSegments(context)).toMatchObject({ sealed_entries: entries.length, sealed_segments: 1 });

    expect(await hotRows()).toBe(0);
    expect(await read()).toEqual(expected);
    expect(await sealSegments(context)).toMatchObject({ sealed_entries: 0 });
  });

  test("given that all is sealed, then who finds nothing has looked at the database once", async () => {
    const counted = new CountedTurns(1);
    const turns = { ...context.turns, quick: counted, long: counted };
    const asked = { query: parseQuery("nowhere"), ...span, limit: 10 };
    expect((await searchLogs({ ...context, turns }, asked)).entries).toEqual([]);
    expect(counted.taken).toBe(1);
  });

  test.each([
    "shop",
    "service:pay*",
    "level>=error",
    '"with \\"quotes\\""',
    "tags:c*",
    "text:plain*",
    "nested.deep:3",
    "dotted.name>4",
    "NOT text:plain*",
    "/two.lines/",
    "ISTANBUL",
    "KELVIN",
    "timestamp>2026-03-08T10:03:00Z",
    "nothing-like-this",
  ])("given the query %s, then what is sealed is found as the same query finds it in memory", async (q) => {
    const { foldEntry, toPredicate } = await import("@/core/search/query/to-predicate");
    const matches = toPredicate(parseQuery(q));
    const expected = before.filter((entry) => matches(foldEntry({ ...entry, micros: entry.id.split("-")[0] ?? "" })));
    expect(await find(q)).toEqual(expected);
  });

  test("given late entries of a sealed time, then they are found among the others, and sealed too", async () => {
    const late = { service: "shop", message: "late one", timestamp: "2026-03-08T10:02:30Z" };
    await sendEntries(ingestOf(context), [late]);
    expect((await find("")).map(({ message }) => message)).toContain("late one");
    // Few late ones wait for more.
    expect(await sealSegments(context)).toMatchObject({ sealed_entries: 0 });
    context.clock.set("2026-03-10T18:00:01Z");
    const expected = await find("");
    expect(await sealSegments(context)).toMatchObject({ sealed_entries: 1 });
    expect(await find("")).toEqual(expected);
  });

  test("given many small segments of a day, then they become one, and the old files go when nobody can be reading them", async () => {
    const at = Date.parse("2026-03-07T10:00:00Z");
    for (let index = 0; index < 5; index++) {
      await sendEntries(ingestOf(context), [
        { service: "drip", message: `drop ${index}`, timestamp: at + index, attributes: { index } },
      ]);
      context.clock.set(addMs(context.clock.now(), 400 * MINUTE_MS).toISOString());
      await sealSegments(context);
    }
    const { rows } = await context.db.execute<{ rows: number; columns: unknown }>(sql`
      select rows, attribute_columns as columns from logs.segments where first_timestamp < '2026-03-08'`);
    expect(rows).toEqual([{ rows: 5, columns: [{ path: "index", kind: "integer" }] }]);
    expect((await find("drop")).map(({ message }) => message)).toEqual([4, 3, 2, 1, 0].map((n) => `drop ${n}`));
  });

  test("given entries that come fast, when those of a day that is over are few enough to wait, then they are sealed when it is quieter, or when little may be stored", async () => {
    const old = Array.from({ length: 3 }, (_, index) => ({
      service: "replayed",
      message: `line ${index}`,
      timestamp: "2026-03-06T10:00:00Z",
    }));
    await sendEntries(ingestOf(context), old);
    const pace = { isBusy: () => true, sealed: () => undefined };
    expect(await sealSegments(context, null, pace)).toMatchObject({ sealed_entries: 0 });
    expect(await sealSegments(context, 1e12, pace)).toMatchObject({ sealed_entries: 0 });
    expect(await find("service:replayed")).toHaveLength(3);
    expect(await sealSegments(context, 1e9, pace)).toMatchObject({ sealed_entries: 3 });
    expect(await find("service:replayed")).toHaveLength(3);
  });
});

async function exported(format: ExportFormat): Promise<string> {
  let text = "";
  for await (const piece of exportLogs(context, { query: parseQuery(""), ...span }, format)) text += piece;
  return text;
}

async function paged(limit: number): Promise<Entry[]> {
  const { decodeCursor } = await import("@/core/search/cursor");
  const all: Entry[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchLogs>> = await searchLogs(context, {
      query: parseQuery(""),
      ...span,
      limit,
      ...(cursor === null ? {} : { cursor: decodeCursor(cursor) }),
    });
    all.push(...page.entries);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return all;
}
