import { expect, test } from "vitest";
import { stringifyJson } from "@/core/json-text";
import { ingestOf, testDatabase } from "@/core/testing/test-database";
import { prettyJson } from "./attribute-tree";
import { entryJson, entryText } from "./entry-json";
import { exportLogs } from "./export/export-logs";
import { getContext } from "./get-context";
import { getEntry } from "./get-entry";
import { getFacets } from "./get-facets";
import { parseQuery } from "./query/parse";
import { searchLogs } from "./search-logs";

const context = testDatabase("2026-03-10T12:00:00Z");
const window = { from: new Date("2026-03-10T00:00:00Z"), to: new Date("2026-03-11T00:00:00Z") };

/** What a double, a JavaScript object or a parser of JSON would change. */
const NUMBERS = [
  "922337203685477507",
  "-9223372036854775807",
  "18446744073709551615",
  "0.10000000000000000555",
  "1.10",
  "1e400",
  "-0",
];
const ATTRIBUTES = `{"z":1,${NUMBERS.map((number, index) => `"n${index}":${number}`).join()},"2":"b","1":"a","z":2,"__proto__":{"x":1.0}}`;

test("given attributes that parsing would change, then every answer has them as they were sent, and a filter for each value finds the line", async () => {
  const body = new Blob([`{"service":"shop","message":"json-text:0","attributes":${ATTRIBUTES}}`]).stream();
  await ingestOf(context).ingest({ body, format: "json", encodings: [], announcedBytes: 0 });

  const { entries } = await searchLogs(context, { query: parseQuery(""), ...window, limit: 10 });
  const [entry] = entries;
  if (!entry) throw new Error("the entry is not found");
  expect(entry.attributes).toBe(ATTRIBUTES);
  expect((await getEntry(context, entry.id)).attributes).toBe(ATTRIBUTES);
  expect((await getContext(context, entry.id, 1)).entry.attributes).toBe(ATTRIBUTES);
  expect(stringifyJson({ data: [entryJson(entry), entryJson(entry, { attributes: "text" })] })).toBe(
    `{"data":[${entryText(entry)},${entryText(entry, { attributes: "text" })}]}`,
  );
  expect(entryText(entry)).toContain(`"attributes":${ATTRIBUTES}}`);
  expect(JSON.parse(entryText(entry, { attributes: "text" })).attributes).toBe(ATTRIBUTES);
  expect(prettyJson(entryText(entry)).replaceAll(/\n */g, "").replaceAll('": ', '":')).toBe(entryText(entry));

  const exported = async (format: "csv" | "ndjson") => {
    let text = "";
    for await (const piece of exportLogs(context, { query: parseQuery(""), ...window }, format)) text += piece;
    return text;
  };
  expect(await exported("ndjson")).toBe(`${entryText(entry)}\n`);
  expect(await exported("csv")).toContain(`"${ATTRIBUTES.replaceAll('"', '""')}"`);

  const { fields } = await getFacets(context, { query: parseQuery(""), ...window });
  for (const [index, number] of NUMBERS.entries()) {
    expect(fields.find(({ name }) => name === `n${index}`)?.values).toEqual([{ value: number, count: 1 }]);
    const query = parseQuery(`n${index}:"${number}"`);
    expect((await searchLogs(context, { query, ...window, limit: 1 })).entries).toHaveLength(1);
  }
});
