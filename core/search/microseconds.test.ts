import { beforeAll, expect, test } from "vitest";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { decodeCursor } from "./cursor";
import { exportLogs } from "./export/export-logs";
import { getContext } from "./get-context";
import { getEntry } from "./get-entry";
import { parseQuery } from "./query/parse";
import { type Search, searchLogs } from "./search-logs";

const context = testDatabase("2026-03-10T12:00:00Z");
const window = { from: new Date("2026-03-10T00:00:00Z"), to: new Date("2026-03-11T00:00:00Z") };

/** Four within one millisecond, newest first. */
const TIMES = [
  "2026-03-10T11:00:00.123999Z",
  "2026-03-10T11:00:00.123457Z",
  "2026-03-10T11:00:00.123456Z",
  "2026-03-10T11:00:00.123000Z",
];

beforeAll(() =>
  sendEntries(
    ingestOf(context),
    TIMES.toReversed().map((timestamp) => ({ service: "shop", message: "tick", timestamp })),
  ),
);

const timesOf = async (q: string) =>
  (await searchLogs(context, { query: parseQuery(q), ...window, limit: 10 })).entries.map(({ timestamp }) => timestamp);

test("given entries within one millisecond, then a search, its pages, one entry, its context and exports give each its microseconds", async () => {
  expect(await timesOf("")).toEqual(TIMES);
  const paged: string[] = [];
  const until: string[] = [];
  const ids: string[] = [];
  let cursor: Search["cursor"];
  do {
    const page = await searchLogs(context, { query: parseQuery("tick"), ...window, limit: 1, cursor });
    paged.push(...page.entries.map(({ timestamp }) => timestamp));
    ids.push(...page.entries.map(({ id }) => id));
    until.push(page.searched_until);
    cursor = page.next_cursor === null ? undefined : decodeCursor(page.next_cursor);
  } while (cursor);
  expect(paged).toEqual(TIMES);
  expect(until.slice(0, 3)).toEqual(TIMES.slice(0, 3));

  const [, second = ""] = ids;
  expect((await getEntry(context, second)).timestamp).toBe(TIMES[1]);
  const { entry, before, after } = await getContext(context, second, 5);
  expect(entry.timestamp).toBe(TIMES[1]);
  expect(before.map(({ timestamp }) => timestamp)).toEqual([TIMES[2], TIMES[3]]);
  expect(after.map(({ timestamp }) => timestamp)).toEqual([TIMES[0]]);

  for (const format of ["csv", "ndjson"] as const) {
    let text = "";
    for await (const piece of exportLogs(context, { query: parseQuery(""), ...window }, format)) text += piece;
    expect(text.match(/2026-03-10T11:00:00\.\d+Z/g)).toEqual(TIMES);
  }
});

test("given a time of a query to the microsecond, then exactly the entries on its side are found", async () => {
  expect(await timesOf(`timestamp>=${TIMES[1]}`)).toEqual(TIMES.slice(0, 2));
  expect(await timesOf(`timestamp>${TIMES[1]}`)).toEqual(TIMES.slice(0, 1));
  expect(await timesOf(`timestamp<=${TIMES[2]}`)).toEqual(TIMES.slice(2));
  expect(await timesOf(`timestamp<${TIMES[2]}`)).toEqual(TIMES.slice(3));
});
