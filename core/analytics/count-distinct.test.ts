import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { parseQuery } from "@/core/search/query/parse";
import { listSegments } from "@/core/segments/catalogue";
import { sealSpan } from "@/core/segments/seal-span";
import { bodyOf, ingestOf, testDatabase } from "@/core/testing/test-database";
import { findPipe } from "./find-pipe";
import { getStats } from "./get-stats";
import { parsePipes } from "./parse-pipes";

const context = testDatabase("2026-03-10T12:00:00Z");
const RANGE = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };

/** Each another value; DuckDB writes the first two in another way than JavaScript. */
const NUMBERS = ["0.00001", "0.000001", "0.0001", "123456789012345", "0", "1", "-1", "1.5", "-12.25", "1000000"];

async function send(lines: readonly { message: string; attributes: string; service?: string }[]): Promise<void> {
  const body = lines.map(
    ({ message, attributes, service = "shop" }, index) =>
      `{"service":"${service}","message":${JSON.stringify(message)},"timestamp":${RANGE.from.getTime() + index},"attributes":${attributes}}`,
  );
  await ingestOf(context).ingest({
    body: bodyOf(body.join("\n")),
    format: "ndjson",
    encodings: [],
    announcedBytes: 0,
  });
}

async function ask(q: string) {
  const pipe = findPipe(q) ?? 0;
  const query = parseQuery(q.slice(0, pipe));
  const { rows } = await getStats(context, {
    query,
    pipeline: parsePipes(q, pipe),
    allKeptFrom: new Date(0),
    ...RANGE,
  });
  return rows;
}

const seal = () => sealSpan(context, { ...RANGE, splits: false });

test("given numbers and texts in columns of a segment and the same once more in the database, then each value is counted once", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  // Each three times, so that there are columns for them.
  const lines = Array.from({ length: 3 }, () => NUMBERS)
    .flat()
    .map((number, index) => ({
      message: `message ${index % 9}`,
      attributes: `{"number":${number},"text":"t${index % 5}","list":["a","b${index % 4}"]}`,
    }));
  await send(lines);
  const q =
    "| stats count() as n, count_distinct(number), count_distinct(text), count_distinct(message), count_distinct(list), count_distinct(nothing)";
  const distinct = [NUMBERS.length, 5, 9, 5, 0];
  expect(await ask(q)).toEqual([[lines.length, ...distinct]]);
  await seal();
  const [segment] = await listSegments(context.db, RANGE.from, RANGE.to);
  expect(segment?.attributeColumns.map(({ path, kind }) => [path, kind])).toEqual(
    expect.arrayContaining([
      ["number", "number"],
      ["text", "text"],
    ]),
  );
  expect(await ask(q)).toEqual([[lines.length, ...distinct]]);
  await send([...lines, { message: "another", attributes: '{"number":"1.50","text":"1"}' }]);
  const [numbers = 0, texts = 0, messages = 0, lists = 0, nothing = 0] = distinct;
  expect(await ask(q)).toEqual([[2 * lines.length + 1, numbers + 1, texts + 1, messages + 1, lists, nothing]]);
});

test("given groups, conditions and several measures of a field, then each counts the values of its own entries", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  const lines = Array.from({ length: 60 }, (_, index) => ({
    service: index % 2 === 0 ? "even" : "odd",
    message: "m",
    attributes: `{"id":"id-${index}","third":${index % 3},"same":"s${index % 4}"}`,
  }));
  await send(lines);
  await seal();
  expect(
    await ask(
      "| stats count_distinct(id) as ids, count_distinct(id) if (third:0) as thirds, count_distinct(same) as same by (service) | sort by service",
    ),
  ).toEqual([
    ["even", 30, 10, 2],
    ["odd", 30, 10, 2],
  ]);
  // Its values are looked at by another measure too.
  expect(await ask("| stats count_distinct(third) as different, sum(third) as sum, count(third) as having")).toEqual([
    [3, 60, 60],
  ]);
  expect(await ask("| stats count_distinct(id) by (id) | limit 1")).toEqual([["id-0", 1]]);
});

test("given more values than are kept as texts, and those of other segments kept as texts, then each is counted once", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
  const linesOf = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({
      message: `message ${from + index}`,
      attributes: `{"ids":["t${from + index}","all"]}`,
    }));
  const q = "| stats count_distinct(message), count_distinct(ids)";
  await send(linesOf(0, 900));
  expect(await ask(q)).toEqual([[900, 901]]);
  await seal();
  await send(linesOf(800, 2_000));
  await seal();
  await send(linesOf(1_900, 2_100));
  for (let time = 0; time < 2; time++) {
    expect(await ask(q)).toEqual([[2_100, 2_101]]);
    // As another process, which finds what is kept.
    context.segments.groups.clear();
  }
});
