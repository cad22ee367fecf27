import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { listSegments, type Segment } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { candidatesOf } from "@/core/segments/read/plan-chunks";
import { sealSpan } from "@/core/segments/seal-span";
import { anyAttributePath, anyAttributeTest, anyJsonObject } from "@/core/testing/any-json";
import { testDatabase } from "@/core/testing/test-database";
import { isExactFor, sealedScopeOf, streamSealed } from "../sealed";
import { parseQuery } from "./parse";
import { foldEntry } from "./to-predicate";

const context = testDatabase("2026-03-10T12:00:00Z");
const DAY = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };
const micros = (time: Date) => time.getTime() * 1_000;
const span = { from: micros(DAY.from), to: micros(DAY.to) };

/** Seals entries with these attributes, one a minute; null: none. */
async function seal(documents: readonly (string | null)[], blockEntries = 1_440): Promise<void> {
  await context.db.execute(sql`
    create table if not exists logs.logs_20260308 partition of logs.logs for values from ('2026-03-08') to ('2026-03-09')`);
  await context.db.execute(sql`
    insert into logs.logs (timestamp, service, level, message, attributes)
    select ${DAY.from}::timestamptz + number * interval '1 minute', 'shop', 'info', number::text, document::json
    from unnest(${sql.param(documents)}::text[]) with ordinality as given (document, number)`);
  await sealSpan(context, { ...DAY, splits: false }, blockEntries);
}

const segments = () => listSegments(context.db, DAY.from, DAY.to);
const columnsOf = async () => (await segments()).map(({ attributeColumns }) => attributeColumns);
const kindsOf = async () =>
  (await columnsOf()).map((columns) => Object.fromEntries(columns.map(({ path, kind }) => [path, kind])));

async function find(q: string): Promise<number[]> {
  const search = {
    segments: await segments(),
    scope: sealedScopeOf(parseQuery(q), undefined),
    span,
    missing: new Missing(),
  };
  const found: number[] = [];
  for await (const rows of streamSealed(context, { ...search, order: "oldest first" })) {
    found.push(...rows.map(({ message }) => Number(message)));
  }
  return found;
}

/** The blocks that a search reads. */
async function blocksFor(q: string): Promise<number> {
  const all = await segments();
  const ids = all.map(({ id }) => id);
  const scope = sealedScopeOf(parseQuery(q), undefined);
  let count = 0;
  for await (const blocks of context.segments.blocks.portions(context.db, ids, { withWords: true })) {
    const ofPortion = all.filter(({ id }) => blocks.has(id));
    count += candidatesOf(ofPortion, blocks, scope, span).length;
  }
  return count;
}

const empty = () => context.db.execute(sql`truncate logs.logs, logs.segments cascade`);

test("given any JSON as attributes, then what is sealed is found by its columns as the same query finds it in memory", async () => {
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.option(anyJsonObject, { freq: 10 }), { minLength: 1, maxLength: 6 }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(fc.tuple(anyAttributePath, anyAttributeTest, fc.boolean()), { minLength: 1, maxLength: 8 }),
      async (given, asked) => {
        await empty();
        for (const documents of given) await seal(documents);
        for (const kind of (await columnsOf()).flat().map((column) => column.kind)) kinds.add(kind);
        const entries = given.flatMap((documents) =>
          documents.map((attributes, index) => ({ attributes, number: index + 1 })),
        );
        for (const [path, wanted, isNot] of asked) {
          const q = `${isNot ? "NOT " : ""}${path}${wanted}`;
          const { matches } = sealedScopeOf(parseQuery(q), undefined);
          const expected = entries.filter(({ attributes }) =>
            matches(
              foldEntry({
                micros: "0",
                service: "shop",
                level: "info",
                message: "",
                pattern: null,
                tags: null,
                attributes,
              }),
            ),
          );
          expect([q, given, await find(q)]).toEqual([
            q,
            given,
            expected.map(({ number }) => number).sort((a, b) => a - b),
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
  expect([...kinds].sort()).toEqual(["integer", "number", "text"]);
}, 120_000);

test("given names that JSON writes with escapes, then what is sealed is found by them", async () => {
  await empty();
  await seal([
    '{"x\\u002did":1}',
    '{"\\u212Aelvin":1}',
    '{"\\u0130stanbul":1}',
    '{"c\\u0061fe":1}',
    '{"caf\\u00e9":1}',
  ]);
  const found = await Promise.all(["x-id:1", "kelvin:1", "istanbul:1", "cafe:1", "café:1"].map(find));
  expect(found).toEqual([[1], [2], [3], [4], [5]]);
});

test("given attributes of all kinds, then those that repeat or are numbers have columns, and what a column can't say has none", async () => {
  await empty();
  const document = (index: number, more: object) => ({
    status: index % 7 === 0 ? "502" : 200,
    Duration: { Ms: index + 0.5 },
    method: index % 2 === 0 ? "GET" : "POST",
    trace: `id-${index}-${Math.sin(index)}`,
    list: [index, index + 1],
    version: index === 5 ? "1.10" : 1,
    "with space": 1,
    ...more,
  });
  await seal(
    Array.from({ length: 100 }, (_, index) => JSON.stringify(document(index, { once: index === 0 ? [1, 2] : 1 }))),
  );
  await seal([null, "{}"]);
  expect(await kindsOf()).toEqual([
    { status: "integer", "duration.ms": "number", method: "text", version: "text" },
    {},
  ]);
  expect(await find("version:1.10")).toEqual([6]);
  expect(await find("version:1.1")).toEqual([]);
  expect(await find("status:502 method:post")).toEqual([8, 22, 36, 50, 64, 78, 92]);
  expect(await find("duration.ms>98 OR trace:id-3-*")).toEqual([4, 99, 100]);
});

test("given columns, then only what they can't tell is decided entry by entry, and blocks that can't have a number are passed over", async () => {
  await empty();
  await seal(
    Array.from({ length: 300 }, (_, index) =>
      JSON.stringify({ duration_ms: index * 10, rest: index < 60 ? 0.25 : undefined }),
    ),
    60,
  );
  const isExact = async (q: string) => isExactFor(sealedScopeOf(parseQuery(q), undefined), await segments());
  expect(await isExact("duration_ms>100 NOT duration_ms:250 duration_ms:/5/")).toBe(true);
  expect(await isExact("rest:0.25")).toBe(true);
  expect(await isExact("rest:0*")).toBe(false);
  expect(await isExact("other:1")).toBe(false);

  expect(await blocksFor("")).toBe(5);
  expect(await blocksFor("duration_ms>2999")).toBe(0);
  expect(await blocksFor("duration_ms>=2990")).toBe(1);
  expect(await blocksFor("duration_ms<1")).toBe(1);
  expect(await blocksFor("duration_ms:1000")).toBe(1);
  expect(await blocksFor('duration_ms:"1000.0"')).toBe(0);
  expect(await blocksFor("rest>0")).toBe(1);
  expect(await find("duration_ms:1000 OR rest>1")).toEqual([101]);
});

test("given a segment from before there were columns, then it is asked beside others as it was then", async () => {
  await empty();
  const documents = Array.from({ length: 10 }, (_, index) => JSON.stringify({ status: 500 + index }));
  await seal(documents);
  await context.db.execute(sql`update logs.segments set attribute_columns = '[]', format_version = 1`);
  await context.db.execute(sql`update logs.segment_blocks set ranges = '{}'`);
  await seal(documents);
  const old = (one: Segment) => one.attributeColumns.length === 0;
  expect((await segments()).filter(old)).toHaveLength(1);
  expect(await find("status>=508")).toEqual([9, 9, 10, 10]);
  expect(await find("status:50* NOT status:501 NOT status>502")).toEqual([1, 1, 3, 3]);
});
