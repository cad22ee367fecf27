import { describe, expect, test } from "vitest";
import { isFault } from "@/core/errors";
import { Masker } from "@/core/ingest/masking/masker";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { parseQuery } from "./parse";
import { readQuery } from "./read-query";

const form = { nowMs: Date.parse("2026-11-26T16:00:00Z"), retention: new RetentionPlan(30), masker: null };
const read = (q: string) => readQuery(q, form);

/** What a query was taken for, and the queries that say the other readings. */
const readingsOf = (q: string) =>
  read(q).readings.map(({ text, taken_as, instead }) => [text, taken_as, ...instead.map(({ query }) => query)]);

describe("given a word that can be two things, then it is told for which it was taken, and how the other is asked for", () => {
  test.each([
    [
      "error localhost:8080 x",
      "localhost:8080",
      "the attribute localhost with the value 8080",
      'error "localhost:8080" x',
    ],
    ["order:991", "order:991", "the attribute order with the value 991", '"order:991"'],
    [
      "(a OR db.internal:5432)",
      "db.internal:5432",
      "the attribute db.internal with the value 5432",
      '(a OR "db.internal:5432")',
    ],
    ["time:15:00:00 x", "time:15:00:00", "text", 'time:"15:00:00" x'],
    ["url:http://a/b", "url:http://a/b", "text", 'url:"http://a/b"'],
    ["error -404", "-404", "what must not be there: 404", 'error "-404"'],
  ])("%s", (q, text, taken, other) => {
    expect(readingsOf(q)).toEqual([[text, taken, other]]);
    expect(read(q)).toMatchObject({ query: q, tree: parseQuery(q) });
    const [reading] = read(q).readings;
    expect(q.slice(reading?.position, (reading?.position ?? 0) + (reading?.length ?? 0))).toBe(text);
    expect(read(other).readings).toEqual([]);
    expect(read(other).tree).not.toEqual(read(q).tree);
  });
});

test.each([
  "card declined",
  "/api/v1/users",
  "aa:bb:cc:01:02:03",
  "https://host:8443/v2",
  "15:00:00",
  "::1",
  "10.0.0.1:80",
  "fe80::1",
  "Pay.java:88",
  "std::vector",
  "DOMAIN\\Administrator",
  "C:\\temp",
  "service:pay level>=warning",
  'order:"991"',
  "order:*",
  "order:/9+/",
  "duration_ms>250",
  "-retry",
  "",
  "user.id:* http.status>=500 took>250 took<900",
  'order:"1" (host:"a" OR host:"b") -zone:"c d"',
  'path:"to be or not"',
])("given %s, which is one thing only, then nothing is told", (q) => {
  expect(read(q)).toMatchObject({ query: q, readings: [], tree: parseQuery(q) });
});

describe("given a line, then it is told for what it was taken", () => {
  test.each([
    [
      "worker gave order:991 to host",
      '"worker gave order:991 to host" OR (worker gave order:991 to host)',
      "a query, and as a whole for text",
      ["(worker gave order:991 to host)", '"worker gave order:991 to host"'],
    ],
    [
      "it was (not closed here",
      '"it was (not closed here"',
      "text, as it is no query: a ( is not closed at character 8 of the query",
      [],
    ],
    [
      '{"level":"warn","msg":"cache miss","key":{"id":"a b"},"n":1.10,"time":1795705200000}',
      '"cache miss" level:warning key.id:"a b" n:1.10',
      "a line of JSON",
      [
        '"{\\"level\\":\\"warn\\",\\"msg\\":\\"cache miss\\",\\"key\\":{\\"id\\":\\"a b\\"},\\"n\\":1.10,\\"time\\":1795705200000}"',
      ],
    ],
    [
      "2026-11-26 15:00:00 ERROR a:1\n2026-11-26 15:00:01 service:b",
      '("2026-11-26 15:00:00 ERROR a:1") OR ("2026-11-26 15:00:01 service:b")',
      "2 lines",
      ["(2026-11-26 15:00:00 ERROR a:1\n2026-11-26 15:00:01 service:b)"],
    ],
  ])("%s", (q, query, taken, others) => {
    expect(read(q)).toMatchObject({ query, tree: parseQuery(query) });
    expect(readingsOf(q)).toEqual([[q, taken, ...others]]);
    expect(read(query)).toMatchObject({ query, tree: parseQuery(query) });
  });
});

test("given a query of many words that names a field of an entry, then it is a query, and what is wrong with it is told", () => {
  for (const q of ["service:pay order:991 was -5 declined", "(connection reset by peer order:991)"]) {
    expect(read(q)).toMatchObject({ query: q, tree: parseQuery(q) });
  }
  expect(() => read("service:pay (timeout OR refused card")).toThrow("a ( is not closed at character 13");
  // A line that begins with its time is a line whatever it says.
  expect(read("2026-11-26T15:00:00Z started service:pay (x").query).toBe(
    '"2026-11-26T15:00:00Z started service:pay (x"',
  );
});

test("given a text that is no query, then the refusal says how it is searched for all the same", () => {
  for (const [q, position, query] of [
    ["declined (oops", 9, '"declined (oops"'],
    ['say "hello', 4, '"say \\"hello"'],
    ["message:", 0, '"message:"'],
  ] as const) {
    const refuse = () => read(q);
    expect(refuse).toThrow(`at character ${position + 1}`);
    try {
      refuse();
    } catch (error) {
      expect(isFault(error) && error.data).toMatchObject({
        query: { position, instead: { taken_as: "text", query } },
      });
    }
    expect(read(query).tree).toEqual({
      kind: "match",
      field: { name: "message" },
      test: { op: "contains", pattern: [q] },
    });
  }
});

test("given a line with what is masked when it is stored, then what was stored is asked for", () => {
  const masker = Masker.of({ emails: true, cards: false, tokens: false, expressions: [] });
  expect(readQuery("could not write to ada@example.com (quota", { ...form, masker }).query).not.toContain("ada@");
});

test("given more than a query may hold, then it is refused, whatever it is", () => {
  expect(() => read(`a b c d ${"x".repeat(10_240)}`)).toThrow("more than 10240 bytes");
  expect(() => read("a b c d \0")).toThrow("NUL");
});

describe("given more lines than a query can hold, then as many are searched for as it can, and the reading says how many", () => {
  const linesOf = (number: number, line: (index: number) => string) =>
    Array.from({ length: number }, (_, index) => line(index)).join("\n");
  const MANY = "there are more than 200 terms at character 741 of the query";
  test.each([
    [
      `text, of which the first 200 lines are searched for, as it is no query: ${MANY}`,
      200,
      linesOf(250, (index) => `it broke at ${index}`),
    ],
    [`text, as it is no query: ${MANY}`, 199, linesOf(199, (index) => `it broke at ${index}`)],
    [
      "41 lines, of which the first 40 lines are searched for",
      40,
      linesOf(41, (index) => `${index} ${"x".repeat(238)} y`),
    ],
    ["40 lines", 40, linesOf(40, (index) => `${index} ${"x".repeat(238)} y`)],
    [
      "80 lines of JSON, of which the first 66 lines are searched for",
      66,
      linesOf(80, (index) => `{"msg":"m","a":${index},"b":1}`),
    ],
  ])("%s", (taken, lines, q) => {
    const asked = read(q);
    expect(asked.readings).toMatchObject([{ taken_as: taken }]);
    expect(asked.tree).toMatchObject({ kind: "or", children: { length: lines } });
    expect(read(asked.query).tree).toEqual(asked.tree);
  });
});

test("given a text that with its query is more than a query may hold, then it is the query that was typed", () => {
  for (const q of [
    `${Array.from({ length: 199 }, (_, index) => `word${index}`).join(" ")} -x`,
    `${"w\u00f6rd ".repeat(30)}-${"x".repeat(9_900)}`,
    `a b c -d ${"(".repeat(50)}e${")".repeat(50)}`,
  ]) {
    expect(read(q)).toMatchObject({ query: q, tree: parseQuery(q) });
  }
});

test("given long JSON of very many members, then its query is one that may be asked", () => {
  const members = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`member ${index}`, `value ${index}`]));
  const { query } = read(JSON.stringify({ msg: "x".repeat(3_000), ...members }));
  expect(query).toContain('member\\ 0:"value 0"');
  expect(Buffer.byteLength(query)).toBeLessThan(10_240);
});
