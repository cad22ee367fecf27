import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isFault } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { isoOfMicros } from "@/core/micros";
import { fingerprintMessage } from "@/core/patterns/fingerprint-message";
import { patternSample } from "@/core/patterns/scan-sample";
import { listSegments } from "@/core/segments/catalogue";
import { Missing } from "@/core/segments/read/missing";
import { sealSpan } from "@/core/segments/seal-span";
import { growsEvenly } from "@/core/testing/grows-evenly";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { sealedScopeOf, streamSealed } from "../sealed";
import { searchLogs } from "../search-logs";
import { parseQuery } from "./parse";
import { foldEntry, toPredicate } from "./to-predicate";
import { toSql } from "./to-sql";

const NOW = "2026-03-10T12:00:00.000Z";
const context = testDatabase(NOW);

type Entry = {
  service: string;
  level: (typeof LEVELS)[number];
  message: string;
  tags: string[];
  attributes: Record<string, unknown>;
  timestamp: number;
};
/** A query as text, with what it means, said by plain means. */
type Meaning = { text: string; matches: (entry: Entry) => boolean };

/** Every second one lies a few microseconds before another. */
const moment = (index: number) => Date.parse(NOW) * 1_000 - Math.floor(index / 2) * 60_000_000 - (index % 2) * 7;

const lower = (text: string) => text.toLowerCase();
/** Few words, so that queries and entries meet; with everything that is special to LIKE, quotes or regular expressions. */
const word = fc.constantFrom(
  "error",
  "Time",
  "out",
  "50%",
  "a_b",
  "Ünïcode",
  "x.y",
  "[z]",
  "back\\slash",
  'q"uote',
  "404",
  "(p)",
  "it's",
  "ЖЖ",
);
const message = fc
  .array(word, { minLength: 1, maxLength: 5 })
  .chain((words) => fc.constantFrom(" ", "", "\n").map((between) => words.join(between)));
const scalar = fc.oneof(
  word,
  fc.integer({ min: -3, max: 500 }),
  fc.double({ min: 0, max: 10, noNaN: true, noDefaultInfinity: true }).map((n) => Math.round(n * 100) / 100),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const attributes = fc.oneof(
  fc.constant({}),
  fc.record(
    {
      status: value,
      Http: fc.record({ status: value, method: scalar }),
      "http.route": value,
      list: fc.array(fc.record({ status: scalar })),
    },
    { requiredKeys: [] },
  ),
);
const entry: fc.Arbitrary<Entry> = fc.record({
  service: fc.constantFrom("shop", "Shop-API", "pay", "a b"),
  level: fc.constantFrom(...LEVELS),
  message,
  tags: fc.array(word, { maxLength: 3 }),
  attributes,
  /** Microseconds since 1970, of which some lie within one millisecond. */
  timestamp: fc.integer({ min: 0, max: 200 }).map((index) => moment(index)),
});

const quote = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
const escaped = (text: string) => text.replaceAll(/[\s()":<>/\\*-]/g, "\\$&");
const written = (text: string) => fc.constantFrom(quote(text), escaped(text));

/** Scalars at a path, by walking over plain values. */
function at(value: unknown, path: string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((one) => at(one, path));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([name, inner]) =>
      path.flatMap((_, index) =>
        lower(path.slice(0, index + 1).join(".")) === lower(name) ? at(inner, path.slice(index + 1)) : [],
      ),
    );
  }
  return path.length === 0 && value !== null ? [value] : [];
}

const path = fc.constantFrom(
  "status",
  "http.status",
  "HTTP.Status",
  "http.method",
  "http.route",
  "list.status",
  "none",
);

const atom: fc.Arbitrary<Meaning> = fc.oneof(
  word.chain((w) => written(w).map((text) => ({ text, matches: (e: Entry) => lower(e.message).includes(lower(w)) }))),
  fc.tuple(word, word).map(([a, b]) => ({
    text: `msg:${escaped(a)}*${escaped(b)}`,
    matches: (e: Entry) => {
      const found = lower(e.message).indexOf(lower(a));
      return (
        found >= 0 &&
        lower(e.message)
          .slice(found + a.length)
          .includes(lower(b))
      );
    },
  })),
  fc.constantFrom("shop", "SHOP-api", "a b", "nobody").chain((name) =>
    written(name).map((text) => ({
      text: `service:${text}`,
      matches: (e: Entry) => lower(e.service) === lower(name),
    })),
  ),
  fc.constant({ text: "Service:shop*", matches: (e: Entry) => lower(e.service).startsWith("shop") }),
  fc.tuple(fc.constantFrom(":", ">=", ">", "<=", "<"), fc.constantFrom(...LEVELS)).map(([operator, level]) => ({
    text: `level${operator}${level}`,
    matches: (e: Entry) => {
      const [is, to] = [LEVELS.indexOf(e.level), LEVELS.indexOf(level)];
      return operator === ":"
        ? is === to
        : operator === ">="
          ? is >= to
          : operator === ">"
            ? is > to
            : operator === "<="
              ? is <= to
              : is < to;
    },
  })),
  word.chain((w) =>
    written(w).map((text) => ({
      text: `tag:${text}`,
      matches: (e: Entry) => e.tags.some((tag) => lower(tag) === lower(w)),
    })),
  ),
  fc.tuple(path, word).chain(([name, w]) =>
    written(w).map((text) => ({
      text: `${name}:${text}`,
      matches: (e: Entry) => at(e.attributes, name.split(".")).some((v) => lower(String(v)) === lower(w)),
    })),
  ),
  fc.tuple(path, fc.integer({ min: -3, max: 500 })).map(([name, n]) => ({
    text: `${name}:${n}`,
    matches: (e: Entry) => at(e.attributes, name.split(".")).some((v) => String(v) === String(n)),
  })),
  fc.tuple(path, fc.constantFrom(">=", "<"), fc.integer({ min: -3, max: 500 })).map(([name, operator, n]) => ({
    text: `${name}${operator}${n}`,
    matches: (e: Entry) =>
      at(e.attributes, name.split(".")).some(
        (v) => (typeof v === "number" || v === "404") && (operator === "<" ? Number(v) < n : Number(v) >= n),
      ),
  })),
  fc.constant({ text: "*", matches: () => true }),
  path.map((name) => ({ text: `${name}:*`, matches: (e: Entry) => at(e.attributes, name.split(".")).length > 0 })),
  fc.tuple(fc.constantFrom(">", "<="), fc.integer({ min: 0, max: 200 })).map(([operator, index]) => {
    const time = moment(index);
    return {
      text: `timestamp${operator}${isoOfMicros(time)}`,
      matches: (e: Entry) => (operator === ">" ? e.timestamp > time : e.timestamp <= time),
    };
  }),
  fc.constantFrom("time out", "Err 17", "x").map((message) => {
    const id = fingerprintMessage(Buffer.from(message));
    return {
      text: `pattern:${id}`,
      matches: (e: Entry) => fingerprintMessage(patternSample(Buffer.from(e.message))) === id,
    };
  }),
  fc.constantFrom(
    { text: "/tim.out/", matches: (e: Entry) => /tim.out/is.test(e.message) },
    { text: "/^ERR[a-z]+/", matches: (e: Entry) => /^err[a-z]+/is.test(e.message) },
    { text: "message:/[0-9]{2,3}%?$/", matches: (e: Entry) => /[0-9]{2,3}%?$/.test(e.message) },
    { text: "/(?:x|q).[^a-m ]|\\[Z\\]/", matches: (e: Entry) => /(?:x|q).[^a-m ]|\[z\]/is.test(e.message) },
    { text: "service:/p$/", matches: (e: Entry) => /p$/i.test(e.service) },
    { text: "/\\w+\\s\\d/", matches: (e: Entry) => /[a-z0-9_]+\s[0-9]/i.test(e.message) },
  ),
);

const query: fc.Arbitrary<Meaning> = fc.letrec<{ query: Meaning }>((tie) => ({
  query: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    atom,
    tie("query").map((inner) => ({ text: `NOT (${inner.text})`, matches: (e: Entry) => !inner.matches(e) })),
    tie("query").map((inner) => ({ text: `-(${inner.text})`, matches: (e: Entry) => !inner.matches(e) })),
    fc.tuple(tie("query"), tie("query"), fc.constantFrom(" ", " AND ")).map(([a, b, and]) => ({
      text: `(${a.text})${and}(${b.text})`,
      matches: (e: Entry) => a.matches(e) && b.matches(e),
    })),
    fc
      .tuple(tie("query"), tie("query"))
      .map(([a, b]) => ({ text: `(${a.text}) OR (${b.text})`, matches: (e: Entry) => a.matches(e) || b.matches(e) })),
    // Without parentheses: NOT binds closest, then AND, then OR.
    fc.tuple(atom, atom, atom).map(([a, b, c]) => ({
      text: `${a.text} OR NOT ${b.text} ${c.text}`,
      matches: (e: Entry) => a.matches(e) || (!b.matches(e) && c.matches(e)),
    })),
  ),
})).query;

test("given entries of which some have no pattern, then pattern:* selects those that have one, hot, sealed and in memory", async () => {
  await context.db.execute(sql`truncate logs.logs, logs.services, logs.segments cascade`);
  const at = Date.parse("2026-03-01T10:00:00Z");
  const entries = ["one", "two", "three"].map((message, index) => ({ message, timestamp: at + index }));
  await sendEntries(ingestOf(context), entries);
  await context.db.execute(sql`update logs.logs set pattern = null where message = 'two'`);
  const span = { from: new Date(at - 1), to: new Date(at + 1_000) };
  const find = async (q: string) => {
    const { entries: found } = await searchLogs(context, { query: parseQuery(q), ...span, limit: 10 });
    return found.map(({ message }) => message).toReversed();
  };
  const expectFound = async () => {
    expect(await find("pattern:*")).toEqual(["one", "three"]);
    expect(await find("-pattern:*")).toEqual(["two"]);
  };
  await expectFound();
  await sealSpan(context, { ...span, splits: false });
  await expectFound();
  const entry = { micros: "0", service: "s", level: "info", message: "m", tags: null, attributes: null } as const;
  const matches = (pattern: string | null) => toPredicate(parseQuery("pattern:*"))(foldEntry({ ...entry, pattern }));
  expect([matches("-5"), matches(null)]).toEqual([true, false]);
});

test("given random entries and queries, then SQL, predicate, what is sealed and a plain evaluation select the same entries", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(entry, { minLength: 1, maxLength: 25 }),
      fc.array(query, { minLength: 1, maxLength: 12 }),
      async (entries, queries) => {
        await context.db.execute(sql`truncate logs.logs, logs.services, logs.segments cascade`);
        const numbered = entries.map((one, index) => ({
          ...one,
          attributes: { ...one.attributes, number: `#${index}` },
        }));
        await sendEntries(ingestOf(context), numbered);
        const stored = await context.db.execute<{
          number: string;
          micros: string;
          service: string;
          level: (typeof LEVELS)[number];
          message: string;
          pattern: string | null;
          tags: string[];
          attributes: string;
        }>(
          sql`select attributes ->> 'number' as number, (extract(epoch from timestamp) * 1000000)::bigint as micros, service, level, message, pattern, tags, attributes::text from logs.logs`,
        );
        const services = [...new Set(entries.map(({ service }) => service))];
        for (const { text, matches } of queries) {
          const tree = parseQuery(text);
          const expected = entries.flatMap((one, index) => (matches(one) ? [`#${index}`] : [])).toSorted();
          const predicate = toPredicate(tree);
          const live = stored.rows.filter((row) => predicate(foldEntry(row))).map(({ number }) => number);
          const found = await context.db.execute<{ number: string }>(
            sql`select attributes ->> 'number' as number from logs.logs where ${toSql(tree, services)}`,
          );
          expect([text, live.toSorted()]).toEqual([text, expected]);
          expect([text, found.rows.map(({ number }) => number).toSorted()]).toEqual([text, expected]);
        }
        await sealSpan(context, { from: new Date(0), to: new Date("2100-01-01"), splits: false });
        const segments = await listSegments(context.db, new Date(0), new Date("2100-01-01"));
        for (const { text, matches } of queries) {
          const expected = entries.flatMap((one, index) => (matches(one) ? [`#${index}`] : [])).toSorted();
          const scope = sealedScopeOf(parseQuery(text), undefined);
          const span = { from: 0, to: Date.parse("2100-01-01") * 1_000 };
          const found: string[] = [];
          const search = { segments, scope, span, missing: new Missing(), order: "newest first" } as const;
          for await (const rows of streamSealed(context, search)) {
            found.push(...rows.map(({ attributes }) => String(JSON.parse(attributes ?? "").number)));
          }
          expect([text, found.toSorted()]).toEqual([text, expected]);
        }
      },
    ),
    { numRuns: 60 },
  );
});

describe("what is wrong is told with its place", () => {
  test.each([
    ["message:", "a value is missing after message: at character 1"],
    ["AND error", "missing before AND at character 1"],
    ["error OR", "missing after OR at character 7"],
    ["(message:error", "a ( is not closed at character 1"],
    ["error)", "a ) closes nothing at character 6"],
    ["()", "nothing between ( and ) at character 1"],
    ["pattern:abc", "pattern needs : and the number of a pattern, or * at character 1"],
    ["pattern>5", "pattern needs : and the number of a pattern, or * at character 1"],
    ["pattern:99999999999999999999", "pattern needs : and the number of a pattern, or * at character 1"],
    ["pattern:1*", "pattern needs : and the number of a pattern, or * at character 1"],
    ['say "hello', 'a " is not closed at character 5'],
    ["NOT", "missing after NOT at character 1"],
    ["a - b", ""],
    ["level:loud", "loud is no level"],
    ["level>=/x/", "no level"],
    ["duration_ms>fast", "> needs a number, not fast at character 1"],
    ["timestamp:2026-01-01", "timestamp needs >=, >, <= or <"],
    ["timestamp>yesterday", "timestamp needs a date such as"],
    ["service>a", "service can't be compared by >"],
    ["/(a+)+/", "a repetition without bound stands within another one at character 2"],
    ["/(a*b?)*$/", "stands within another one"],
    ["/((a{2,})b)+/", "stands within another one"],
    ["/(a{50}){50}/", "too many repetitions"],
    [`/${".{0,100}".repeat(11)}/`, "too many repetitions together"],
    ["/a{1000}/", "at most 100"],
    ["/a{5,2}/", "ends before it begins"],
    ["/[z-a]/", "a range ends before it begins"],
    ["/(a/", "a ( is not closed"],
    ["/a)/", "a ) closes nothing"],
    ["/*a/", "* has nothing to repeat"],
    ["/a**/", "a repetition is repeated"],
    ["/(?=a)/", "(? is only known as (?: ... )"],
    ["/\\1/", "\\1 is not known"],
    ["x\0y", "NUL"],
    ["\ud800", "surrogate"],
    [`${"(".repeat(51)}a${")".repeat(51)}`, "nested deeper than 50"],
    ["a ".repeat(201).replaceAll(/a/g, () => "b"), "more than 200 terms"],
    ["x".repeat(10_241), "more than 10240 bytes"],
  ])("given a wrong query, number %#", (text, problem) => {
    if (problem === "") return expect(parseQuery(text)).toMatchObject({ kind: "and" });
    expect(() => parseQuery(text)).toThrow(problem);
  });

  test("given any text, then there is a tree or an error with a place within the text, and never anything else", () => {
    const pieces = fc.constantFrom(
      "a",
      "AND",
      "OR",
      "NOT",
      "-",
      "(",
      ")",
      '"',
      "/",
      "\\",
      ":",
      ">=",
      "<",
      "*",
      " ",
      "level",
      "level:",
      "[",
      "]",
      "{2}",
      "+",
      "|",
      "^",
      "é",
      "😀",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((all) => all.join("")),
          fc.string({ unit: "binary", maxLength: 60 }),
        ),
        (text) => {
          try {
            parseQuery(text);
          } catch (error) {
            expect(isFault(error) && error.kind === "invalid" && error.message.includes("at character")).toBe(true);
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

test.each([
  "/api/v1/users",
  "/unclosed",
  "/api/v1/",
  "/[a/",
  "//cdn.example",
  "aa:bb:cc:01:02:03",
  "https://host:8443/v2",
  "15:00:00",
  "15:00",
  "::1",
  "10.0.0.1:8080",
  "2026-11-26T15:00:00Z",
  "Pay.java:88",
  "src/pay.tsx:12:",
  "main.go:7,",
  "DOMAIN\\Administrator",
  "C:\\temp\\new.txt",
  "back\\",
  "jk2_init()",
  "sshd(pam_unix)[19937]:",
  "pam_unix(sshd:auth):",
  "f(a,(b))->c",
  "tty=:0",
  "[instance:",
  "map['key']:5",
  "http.status:",
  "Map<String,Integer>",
  "a->b",
  "x=>y",
  "<init>",
  "-",
])("given the pasted word %s, then it is looked for as it stands", (word) => {
  expect(parseQuery(word)).toEqual(parseQuery(quote(word)));
});

test.each([
  ["http.status:500", ["http", "status"]],
  ["user.id:42", ["user", "id"]],
  ["path:/api/v1", ["path"]],
  ["localhost:8080", ["localhost"]],
  ['time:"15:00:00"', ["time"]],
  ["mac:aa\\:bb", ["mac"]],
  ["path:/a:b/", ["path"]],
  ["app.js:main", ["app", "js"]],
  ['15:"00"', ["15"]],
  ["a\\=b:c", ["a=b"]],
  ["f\\[0\\]:x", ["f[0]"]],
])("given %s, which can be a field, then it is one", (query, path) => {
  expect(parseQuery(query)).toMatchObject({ kind: "match", field: { name: "attribute", path } });
});

test("given parentheses behind a word, then they are of the word when they close within it, and else they group", () => {
  expect(parseQuery("init() ok")).toEqual(parseQuery('"init()" "ok"'));
  expect(parseQuery("status: 200 len: 12")).toEqual(parseQuery('"status:" 200 "len:" 12'));
  expect(parseQuery("a(b c)")).toEqual(parseQuery("a b c"));
  expect(parseQuery("NOT(a)OR(b)")).toEqual(parseQuery("(NOT a) OR b"));
  expect(parseQuery('"a"(b)(c)/d/(e)')).toEqual(parseQuery("a b c /d/ e"));
  expect(parseQuery("(x f(y) -)")).toEqual(parseQuery('x "f(y)" "-"'));
});

test("given the same said twice, nested or negated twice, then the tree has it once", () => {
  expect(parseQuery("a OR a")).toEqual(parseQuery("a"));
  expect(parseQuery("(a AND (b AND a))")).toEqual(parseQuery("a b"));
  expect(parseQuery("NOT NOT a")).toEqual(parseQuery("a"));
  expect(parseQuery("--a")).toEqual(parseQuery("a"));
  expect(parseQuery("msg:ERROR")).toEqual(parseQuery("error"));
  expect(parseQuery("http://x/y")).toEqual(parseQuery('"http://x/y"'));
  expect(parseQuery("message:error\\:info")).toEqual(parseQuery('"error:info"'));
  expect(parseQuery("")).toEqual({ kind: "and", children: [] });
});

test("given 10 KB that try to make the parser look again and again, then it reads each character a bounded number of times", () => {
  for (const piece of [
    "(",
    "-",
    "NOT ",
    '"',
    "/",
    "/a",
    "a:",
    "\\",
    "a*",
    "[",
    "((a",
    "a OR ",
    "x>",
    ":",
    "/(a|",
    '\\"',
  ]) {
    const parse = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      return () => {
        try {
          parseQuery(text);
        } catch (error) {
          if (!isFault(error)) throw error;
        }
      };
    };
    expect(growsEvenly(parse, 2_500), piece).toBe(true);
  }
});
