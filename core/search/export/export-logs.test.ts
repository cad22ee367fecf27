import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Turns } from "@/core/turns";
import { entryText } from "../entry-json";
import { parseQuery } from "../query/parse";
import { searchLogs } from "../search-logs";
import { exportLogs } from "./export-logs";
import type { ExportFormat } from "./formats";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
const sought = {
  query: parseQuery("NOT secret"),
  from: new Date("2026-03-10T00:00:00Z"),
  to: new Date("2026-03-11T00:00:00Z"),
};

/** More than two pages, with what is hard to write. */
const harmless = ["plain", 'quo"te', "comma, here", "line\nbreak", "-1", "-0.5", "-1e9", "a=b", "ümläut 😀", " ", ""];
/** To some spreadsheets. */
const formulas = ["=1+1", "+1", "-1+1", "--1", "@x", "\ttab", "\rreturn", "  =1+1", "\n@x", "\u00a0-x", "＝1"];
const messages = [...harmless, ...formulas];

beforeAll(async () => {
  const entries = Array.from({ length: 12_000 }, (_, index) => ({
    service: "shop",
    message: messages[index % messages.length],
    timestamp: Date.parse(NOW) - index * 1_000,
    attributes: { index },
  }));
  await sendEntries(ingestOf(context), [...entries, { service: "shop", message: "secret", timestamp: NOW }]);
});

async function exported(format: ExportFormat): Promise<string> {
  let text = "";
  for await (const piece of exportLogs(context, sought, format)) text += piece;
  return text;
}

test("given more entries than a page, then NDJSON has each as the search gives it, in its order", async () => {
  const lines = (await exported("ndjson")).trimEnd().split("\n");
  expect(lines).toHaveLength(12_000);
  const page = await searchLogs(context, { ...sought, limit: 1_000 });
  expect(lines.slice(0, 1_000).map((line) => JSON.parse(line))).toEqual(
    page.entries.map((entry) => JSON.parse(entryText(entry))),
  );
  expect(lines.map((line) => JSON.parse(line).attributes.index)).toEqual(
    Array.from({ length: 12_000 }, (_, index) => index),
  );
});

/** Reads RFC 4180 by its grammar. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

test("given messages with quotes, commas, line breaks and formulas, then CSV keeps them, and no cell begins like a formula", async () => {
  const [head, ...rows] = readCsv(await exported("csv"));
  expect(head).toEqual(["timestamp", "level", "service", "message", "tags", "attributes", "id"]);
  expect(rows).toHaveLength(12_000);
  for (const [index, row] of rows.slice(0, messages.length).entries()) {
    const message = messages[index] ?? "";
    expect(row[3]).toBe(formulas.includes(message) ? `'${message}` : message);
    expect(JSON.parse(row[5] ?? "")).toEqual({ index });
  }
});

test("given entries of several days and a time that begins and ends within a minute, then just those within come, newest first", async () => {
  const times = ["2026-03-01T10:00:10Z", "2026-03-01T10:00:50Z", "2026-03-04T23:59:59.999Z", "2026-03-05T00:00:00Z"];
  await sendEntries(
    ingestOf(context),
    times.map((timestamp) => ({ service: "days", level: "error", message: timestamp, timestamp })),
  );
  const span = { from: new Date("2026-03-01T10:00:30Z"), to: new Date("2026-03-05T00:00:00Z") };
  for (const q of ["", "service:days level>=error", "T10 OR T23"]) {
    let text = "";
    for await (const piece of exportLogs(context, { query: parseQuery(q), ...span }, "ndjson")) text += piece;
    const found = text.trimEnd().split("\n");
    expect(found.map((line) => JSON.parse(line).message)).toEqual([times[2], times[1]]);
  }
});

test("given somebody who leaves in the middle, then no transaction stays open", async () => {
  let pieces = 0;
  for await (const _ of exportLogs(context, sought, "ndjson")) if (++pieces === 3) break;
  const { rows } = await context.db.execute(sql`
    select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`);
  expect(rows).toHaveLength(0);
});

test("given as many exports as may go on, then the next begins when one of them is done, and too many are told to come again", async () => {
  const turns = { ...context.turns, exports: new Turns(1, { most: 1, what: "exports" }) };
  const ask = () => exportLogs({ ...context, turns }, sought, "csv");
  const [first, second, third] = [ask(), ask(), ask()];
  await first.next();
  await first.next();
  const head = await second.next();
  expect(head.value).toContain("message");
  let isThere = false;
  const rows = second.next().then((piece) => {
    isThere = true;
    return piece;
  });
  await expect.poll(() => turns.exports.waiting).toBe(1);
  await expect(third.next()).rejects.toMatchObject({ kind: "too_busy" });
  expect(isThere).toBe(false);
  await first.return(undefined);
  expect((await rows).value).toContain("shop");
  await second.return(undefined);
  expect((await ask().next()).done).toBe(false);
});
