import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { HOUR_MS } from "@/core/clock";
import { parseQuery } from "@/core/search/query/parse";
import type { Field } from "@/core/search/query/query-tree";
import { Missing } from "@/core/segments/read/missing";
import { sealSpan } from "@/core/segments/seal-span";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { Grouping } from "./group-entries";
import type { Measure } from "./pipe-tree";
import { optionsOf, type Question } from "./question";
import { readGroups } from "./read-groups";
import { Room } from "./room";
import { CountingTexts } from "./text-counts";
import { UTC, ZoneClock } from "./zone-clock";

const context = testDatabase("2026-03-10T12:00:00Z");
const RANGE = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-10T00:00:00Z") };

const color = (): Field => ({ name: "attribute", path: ["color"] });
/** Two measures look at the same field. */
const FIELDS: readonly Field[] = [{ name: "service" }, color(), { name: "tags" }, color(), { name: "level" }];

/** How often each value came, by the measure. */
async function valuesOf() {
  const question: Question = {
    stats: {
      measures: FIELDS.map((field): Measure => ({ name: "", call: { kind: "texts", field }, condition: null })),
      by: [],
    },
    stepMs: null,
    span: { from: 0, to: HOUR_MS },
    clock: new ZoneClock(UTC),
    grainMs: HOUR_MS,
    canonical: new Map(),
  };
  const grouping = new Grouping(question.stats, { ...optionsOf(question), room: new Room() });
  const options = { missing: new Missing(), signal: new AbortController().signal, isKept: false };
  context.segments.groups.clear();
  await readGroups(context, { query: parseQuery(""), ...RANGE }, question, grouping, options);
  return FIELDS.map((_, measure) => {
    const found = grouping.ofAll(measure);
    return found instanceof CountingTexts ? Object.fromEntries(found.counts().texts ?? []) : null;
  });
}

test("given a field whose values are counted twice, then each measure has the values of its own field, hot and sealed", async () => {
  const entries = Array.from({ length: 30 }, (_, index) => ({
    timestamp: RANGE.from.getTime() + index,
    service: "paint",
    message: "m",
    tags: ["wet"],
    attributes: { color: index % 3 === 0 ? "red" : "blue" },
  }));
  const expected = [{ paint: 30 }, { red: 10, blue: 20 }, { wet: 30 }, { red: 10, blue: 20 }, { info: 30 }];
  await sendEntries(ingestOf(context), entries);
  expect(await valuesOf()).toEqual(expected);
  await sealSpan(context, { ...RANGE, splits: false });
  expect(await valuesOf()).toEqual(expected);
  // Without a column the values come with the JSON text.
  await context.db.execute(sql`update logs.segments set attribute_columns = '[]'`);
  expect(await valuesOf()).toEqual(expected);
});
