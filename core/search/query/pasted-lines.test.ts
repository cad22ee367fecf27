import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isFault } from "@/core/errors";
import { LEVELS } from "@/core/levels";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { prettyJson } from "@/core/search/attribute-tree";
import { type ReadLine, readLine } from "@/core/testing/read-line";
import { ingestOf, RETENTION_DAYS, testDatabase } from "@/core/testing/test-database";
import { parseQuery } from "./parse";
import { readQuery } from "./read-query";
import { testsField } from "./tests-field";
import { foldEntry, toPredicate } from "./to-predicate";
import { toSql } from "./to-sql";

const NOW = "2026-11-26T16:00:00.000Z";
const context = testDatabase(NOW);
const form = { nowMs: Date.parse(NOW), retention: new RetentionPlan(RETENTION_DAYS), masker: null };

const ask = (pasted: string) => readQuery(pasted, form);

/** The line on its way to the database, as an entry of a tail is matched. */
function stored(line: string): ReadLine {
  const row = readLine(line, { old: "now" });
  if (typeof row === "string") throw new Error(`${row}: ${line}`);
  return row;
}

const isFoundInMemory = (pasted: string, row: ReadLine) =>
  toPredicate(ask(pasted).tree)(foldEntry({ ...row, attributes: JSON.stringify(row.attributes) }));

/** Whether PostgreSQL, too, selects a message by what was pasted. */
async function isFoundInDatabase(pasted: string, message: string): Promise<boolean> {
  const { rows } = await context.db.execute(sql`
    select from (select ${message}::text as message, null::json as attributes, null::text[] as tags) as logs
    where ${toSql(ask(pasted).tree, [])}`);
  return rows.length === 1;
}

/** What is stored of a body of text lines, past the application. */
async function storeText(body: string) {
  await context.db.execute(sql`truncate logs.logs, logs.services`);
  const request = { format: "text", encodings: [], announcedBytes: 0, parameters: { service: "paste" } } as const;
  await ingestOf(context).ingest({ ...request, body: new Blob([body]).stream() });
}

async function find(pasted: string): Promise<string[]> {
  const services = await context.db.execute<{ name: string }>(sql`select name from logs.services`);
  const names = services.rows.map(({ name }) => name);
  const { rows } = await context.db.execute<{ message: string }>(
    sql`select message from logs.logs where ${toSql(ask(pasted).tree, names)} order by id`,
  );
  return rows.map(({ message }) => message);
}

const OTHERS = [
  "an other line",
  '{"level":"info","msg":"payment failed","pid":8}',
  "Error: boom\n    at other (/app/other.js:1:1)",
];

describe("given a line among others, when it is pasted, then it is found, and nothing else", () => {
  test.each([
    ["in quotes and brackets", '10.0.0.1 - - [26/Nov/2026:15:00:00 +0000] "GET /api/v1/users?id=3 HTTP/1.1" 200 12'],
    ["with fields and operators", "2026-11-26T15:00:00Z ERROR order:991 service:pay is NOT there (code -5"],
    ["with a field and a colon", 'worker:3 said: "no" to order:991 in C:\\temp\\x and went'],
    ["of logfmt", 'time="2026-11-26T15:00:00Z" level=error msg="it said \\"no\\"" order:991=x'],
    ["with JSON in it", '2026-11-26 15:00:00 INFO handler {"a": [1, 2], "b": {"c": "d e"}} level:5 done'],
    ["with a quote that is not closed", 'can\'t parse 5" of "this -x'],
    ["with a path of Windows", "could not open DOMAIN\\Administrator C:\\[x]\\y:z now"],
    ["with an expression", "GET /c++/ failed: /(a+)+/ was (not closed"],
    ["of a stack trace", "Error: boom\n    at pay (/app/pay.js:3:9)\n    at -main (<anonymous>:1)"],
    [
      "of JSON",
      '{"level":50,"time":1795705200000,"pid":7,"hostname":"h1","msg":"payment failed","err":{"stack":"a\\n  b"}}',
    ],
    ["of JSON without a message", '{"user":7,"path":"/x y","n":1.10,"big":922337203685477507,"none":null,"no":{}}'],
    [
      "of JSON with names that are hard to write",
      '{"msg":"m","-a b":"x","c:d":1,"(e)":"","10":"12:30","f[0]":true,"level_":"\\"q\\""}',
    ],
    ["of JSON with a level nobody knows", '{"msg":"m","level":"loud","tags":["a b","c"],"service":"x y"}'],
  ])("%s", async (_, line) => {
    await storeText([...OTHERS, line, ...OTHERS].join("\n"));
    const [message, ...rest] = await find(line);
    expect(rest).toEqual([]);
    expect(message).toBe(stored(line.startsWith("{") ? line : JSON.stringify({ message: line })).message);
  });

  test("of JSON over several lines, and as the page copies an entry", async () => {
    const line = '{"level":"warn","msg":"cache miss","key":{"id":"a b","n":[1.10,2]}}';
    await storeText([...OTHERS, line].join("\n"));
    expect(await find(prettyJson(line))).toEqual(["cache miss"]);
    const copied = {
      id: "1795705200000000-12",
      timestamp: NOW,
      service: "paste",
      level: "warning",
      message: "cache miss",
    };
    const own = JSON.stringify({ ...copied, pattern: "-77", tags: null, attributes: { key: { id: "a b" } } }, null, 2);
    expect(await find(own)).toEqual(["cache miss"]);
  });

  test("in the colours of a terminal, with white space around", async () => {
    await storeText([...OTHERS, "2026-11-26T15:00:00Z WARN order:991 is slow"].join("\n"));
    expect(await find("  \u001b[33m2026-11-26T15:00:00Z WARN\u001b[0m order:991 is slow\r\n")).toHaveLength(1);
  });
});

test("given several lines at once, then each of them is found", async () => {
  const lines = ["2026-11-26 15:00:00 ERROR order:1 failed", "2026-11-26 15:00:01 WARN order:2 -slow"];
  await storeText([...OTHERS, ...lines].join("\n"));
  expect(await find(lines.join("\n"))).toEqual(lines);
  const json = ['{"msg":"one","a":1}', '{"msg":"two","a":2}'];
  await storeText([...OTHERS, ...json].join("\n"));
  expect(await find(json.join("\n"))).toEqual(["one", "two"]);
});

const SIGNS = [
  '"',
  "'",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "\\",
  "/",
  "*",
  "-",
  ":",
  "=",
  "<",
  ">",
  ",",
  "|",
  "%",
  "_",
  "é",
  "😀",
];
/** Whether it is a query whose every term names a field. */
function isOfConditions(text: string): boolean {
  try {
    return !testsField(parseQuery(text), "message");
  } catch (error) {
    if (isFault(error)) return false;
    throw error;
  }
}

const piece = fc.oneof(
  fc.constantFrom("a", "B7", "10", "AND", "OR", "NOT", "x:y", "-5", "/a/", "a->b", "f()", "https://h:1/x", ...SIGNS),
  fc.string({ unit: fc.constantFrom(..."ab1", ...SIGNS), minLength: 1, maxLength: 8 }),
);
/** At least four words, of which none is the condition of a field that every entry has. */
const line = fc
  .tuple(fc.constantFrom("", "2026-11-26T15:00:00Z INFO "), fc.array(piece, { minLength: 4, maxLength: 12 }))
  .map(([time, pieces]) => time + pieces.join(" "));

test("given any line of four words or more, when it is pasted, then memory and database find it", async () => {
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      // Those say that they are text, or a query.
      fc.pre(!/^(?:".*"|\(.*\))$/.test(text) && !isOfConditions(text));
      const row = stored(JSON.stringify({ message: text.trim() }));
      const { query, readings } = ask(text);
      expect(ask(query).tree).toEqual(ask(text).tree);
      for (const { instead } of readings) for (const other of instead) ask(other.query);
      expect([text, isFoundInMemory(text, row)]).toEqual([text, true]);
      expect([text, await isFoundInDatabase(text, row.message)]).toEqual([text, true]);
    }),
    { numRuns: 300 },
  );
});

test("given any line of JSON, when it is pasted, over one line or several, then it is found", () => {
  const members = fc.dictionary(
    fc.string({ unit: fc.constantFrom(..."ab1", ...SIGNS), minLength: 1, maxLength: 6 }),
    fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.array(fc.string())),
    { minKeys: 1 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), members, (message, rest) => {
      const entry = { ...rest, message };
      const pasted = JSON.stringify(entry);
      fc.pre(typeof readLine(pasted) !== "string");
      expect([pasted, isFoundInMemory(pasted, stored(pasted))]).toEqual([pasted, true]);
      expect(isFoundInMemory(prettyJson(pasted), stored(pasted))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

const SAMPLES = path.resolve("../shared/loghub");
/** One in so many lines is looked at, and the first of each kind. */
const EVERY = 8;

describe.runIf(existsSync(SAMPLES))("real lines of many programs beside the project", () => {
  const files = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith(".csv")) : [];
  /** Fields of a row as RFC 4180 writes them. */
  const fieldsOf = (row: string) =>
    [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
      quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'),
    );

  test.each(files)(
    "given the lines of %s, when one is pasted, its message alone or all of it, then it is found",
    async (file) => {
      const [header = "", ...rows] = readFileSync(path.join(SAMPLES, file), "utf8").trim().split(/\r?\n/);
      const content = header.split(",").indexOf("Content");
      const kind = header.split(",").indexOf("EventId");
      const kinds = new Set<string>();
      const missed: string[] = [];
      for (const [index, whole] of rows.entries()) {
        const fields = fieldsOf(whole);
        if (index % EVERY > 0 && kinds.has(fields[kind] ?? "")) continue;
        kinds.add(fields[kind] ?? "");
        for (const text of [fields[content] ?? "", whole]) {
          const row = stored(JSON.stringify({ message: text }));
          // Registers and their values: when nothing has such attributes, the text is offered (answer-search.test.ts).
          if (isOfConditions(text)) continue;
          if (!isFoundInMemory(text, row) || !(await isFoundInDatabase(text, row.message))) missed.push(text);
        }
      }
      expect(rows).toHaveLength(2_000);
      expect(missed).toEqual([]);
    },
  );
});

const LOGGERS = path.resolve("../shared/formats/loggers.json");

describe.runIf(existsSync(LOGGERS))("lines of many loggers beside the project", () => {
  const casesSchema = z.object({ cases: z.array(z.object({ name: z.string(), line: z.string() })) });
  const { cases } = existsSync(LOGGERS) ? casesSchema.parse(JSON.parse(readFileSync(LOGGERS, "utf8"))) : { cases: [] };
  const moments: Record<string, string> = {
    ms: "1795705200123",
    us: "1795705200123456",
    sec: "1795705200",
    sec_float: "1795705200.123",
    iso_ms: "2026-11-26T15:00:00.123Z",
    iso_ns: "2026-11-26T15:00:00.123456789Z",
    iso_offset: "2026-11-26T17:00:00.123+02:00",
    iso_comma_space: "2026-11-26 15:00:00,123",
  };

  test.each(cases)(
    "given a line of $name, when it is pasted, over one line or several, then it is found",
    async ({ line }) => {
      const sent = line.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => moments[name] ?? "");
      await storeText([...OTHERS, sent].join("\n"));
      const message = stored(sent).message;
      expect(LEVELS).toContain(stored(sent).level);
      expect(await find(sent)).toEqual([message]);
      expect(await find(prettyJson(sent))).toEqual([message]);
    },
  );
});
