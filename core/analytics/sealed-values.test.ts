import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { attributeTexts } from "@/core/search/query/attribute-texts";
import { parseQuery } from "@/core/search/query/parse";
import { sealSpan } from "@/core/segments/seal-span";
import { bodyOf, ingestOf, testDatabase } from "@/core/testing/test-database";
import { findPipe } from "./find-pipe";
import { getStats } from "./get-stats";
import { parsePipes } from "./parse-pipes";

const context = testDatabase("2026-03-10T12:00:00Z");
const RANGE = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };

beforeEach(() => context.db.execute(sql`truncate logs.logs, logs.segments cascade`));

const PATHS = ["a", "b", "a.b", "a.b.c", "x-y", "b.a", "größe"];
const NAMES = [...PATHS, "A", "B", "c", "C", "a.B", "\\u0061"];
const VALUES = [
  ...[
    "1",
    "-0",
    "0",
    "1.50",
    "1.5",
    "-12.25",
    "1e3",
    "1E3",
    "5.0",
    "12345678901234567890",
    "0.1",
    "true",
    "false",
    "null",
  ],
  ...[
    '""',
    '"text"',
    '"a"',
    '"b\\":1"',
    '"\\u00e9"',
    '"é"',
    '"back\\\\slash"',
    '"line\\n"',
    '"a\\": 1, "',
    '"null"',
    '"[1]"',
    '"=1"',
    '"?"',
    '"\\ud800"',
  ],
  ...["[]", "{}", "[1,2]", '["x","x",null]'],
];
const name = fc.constantFrom(...NAMES);
/** JSON as somebody may write it: with blanks, names twice, and digits that no parser keeps. */
const { value: json } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...VALUES),
    tie("object"),
    tie("object").map((one) => `[${one}]`),
  ),
  object: fc
    .tuple(fc.array(fc.tuple(name, tie("value")), { maxLength: 3 }), fc.constantFrom("", " "))
    .map(([members, blank]) => `{${members.map(([key, value]) => `"${key}":${blank}${value}`).join(`,${blank}`)}}`),
}));
const document = fc
  .array(fc.tuple(name, json), { minLength: 1, maxLength: 4 })
  .map((members) => `{${members.map(([key, value]) => `"${key}":${value}`).join(",")}}`);

test("given attributes without columns, then PostgreSQL and a segment give the texts at any path that walking over their JSON gives", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(document, { minLength: 100, maxLength: 150 }), async (documents) => {
      await context.db.execute(sql`truncate logs.logs, logs.segments cascade`);
      const lines = documents.map(
        (attributes, index) => `{"message":"m","timestamp":${RANGE.from.getTime() + index},"attributes":${attributes}}`,
      );
      const body = bodyOf(lines.join("\n"));
      await ingestOf(context).ingest({ body, format: "ndjson", encodings: [], announcedBytes: 0 });
      const { rows } = await context.db.execute<{ attributes: string | null }>(
        sql`select attributes::text from logs.logs`,
      );
      await expectTexts(rows);
      await sealSpan(context, { ...RANGE, splits: false });
      await context.db.execute(sql`update logs.segments set attribute_columns = '[]'`);
      await expectTexts(rows);
    }),
    { numRuns: 3 },
  );
}, 240_000);

test("given a name that is also the end of another one with dots, then a number is told as it is written at the one that is asked for", async () => {
  const documents = ['{"b.a":0,"a":-0}', '{"b.a":1.5,"a":1.50}', '{"b.a": 5, "a": 5.0}', '{"a":0.1,"b.a":1e-1}'];
  const lines = documents.map(
    (attributes, index) => `{"message":"m","timestamp":${RANGE.from.getTime() + index},"attributes":${attributes}}`,
  );
  const body = bodyOf(lines.join("\n"));
  await ingestOf(context).ingest({ body, format: "ndjson", encodings: [], announcedBytes: 0 });
  await sealSpan(context, { ...RANGE, splits: false });
  await context.db.execute(sql`update logs.segments set attribute_columns = '[]'`);
  await expectTexts(documents.map((attributes) => ({ attributes })));
});

/** Of the entries with these attributes, by each path. */
async function expectTexts(rows: readonly { attributes: string | null }[]): Promise<void> {
  for (const path of PATHS) {
    const q = `| stats count() as n, count_distinct(b) as other by ("${path}")`;
    const pipe = findPipe(q) ?? 0;
    const asked = { query: parseQuery(""), pipeline: parsePipes(q, pipe), allKeptFrom: new Date(0), ...RANGE };
    const answer = await getStats(context, asked);
    const expected = new Map<string | null, { n: number; others: Set<string> }>();
    for (const { attributes } of rows) {
      const texts = attributes === null ? [] : attributeTexts(attributes, path.split("."));
      for (const text of texts.length === 0 ? [null] : new Set(texts)) {
        const group = expected.get(text) ?? { n: 0, others: new Set() };
        group.n++;
        for (const other of attributes === null ? [] : attributeTexts(attributes, ["b"])) group.others.add(other);
        expected.set(text, group);
      }
    }
    expect(new Map(answer.rows.map(([text, n, others]) => [text, [n, others]]))).toEqual(
      new Map([...expected].map(([text, { n, others }]) => [text, [n, others.size]])),
    );
  }
}
