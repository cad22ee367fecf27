import { beforeAll, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
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
const messages = ["plain", 'quo"te', "comma, here", "line\nbreak", "=1+1", "+1", "-1", "@x", "\ttab", "ümläut 😀", ""];

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
  expect(lines.slice(0, 1_000).map((line) => JSON.parse(line))).toEqual(page.entries);
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
    expect(row[3]).toBe(/^[=+\-@\t\r]/.test(message) ? `'${message}` : message);
    expect(JSON.parse(row[5] ?? "")).toEqual({ index });
  }
});
