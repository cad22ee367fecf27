import { describe, expect, test } from "vitest";
import { sealSegments } from "@/core/segments/seal-segments";
import { getServiceDetail } from "@/core/stats/get-service-detail";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { getFacets } from "./get-facets";
import { parseQuery } from "./query/parse";
import { searchLogs } from "./search-logs";

const context = testDatabase("2026-03-08T12:00:00Z");
const span = { from: new Date("2026-03-08T00:00:00Z"), to: new Date("2026-03-09T00:00:00Z") };

const LONG = `${"😀".repeat(600)} needle`;
const entries = [
  { service: "shop", message: LONG, timestamp: "2026-03-08T10:00:00Z", attributes: { user: 17, text: "needle" } },
  { service: "shop", message: "short needle", timestamp: "2026-03-08T10:00:01Z", attributes: { user: 17 } },
];

describe.each(["in the database", "sealed"])("entries that are %s, of which a part is read", (place) => {
  test("given a message that is longer than is read, then its begin is there with how long it is, and it is found by its end", async () => {
    if (place === "sealed") {
      context.clock.set("2026-03-09T00:20:00Z");
      expect(await sealSegments(context)).toMatchObject({ sealed_entries: 2 });
    } else await sendEntries(ingestOf(context), entries);

    // By text the database decides, by an attribute's text the predicate may have to.
    for (const q of ["needle", "message:needle user:17", "user:17", "message:/n.edle/"]) {
      const part = { characters: 500, attributes: false };
      const { entries: found } = await searchLogs(context, { query: parseQuery(q), ...span, limit: 10, part });
      expect(found.map(({ message, attributes, cut }) => ({ message, attributes, cut }))).toEqual([
        { message: "short needle", attributes: null, cut: undefined },
        { message: "😀".repeat(500), attributes: null, cut: { message: 607 } },
      ]);
    }
  });

  test("given the page of the service, then its entries are cut, and facets have the attributes", async () => {
    const { recent_entries } = await getServiceDetail(context, "shop", "1d");
    expect(recent_entries.map(({ message, cut }) => [message.length, cut?.message])).toEqual([
      [12, undefined],
      [1_000, 607],
    ]);
    const { fields } = await getFacets(context, { query: parseQuery(""), ...span });
    expect(fields).toContainEqual(
      expect.objectContaining({ name: "user", entries: 2, values: [{ value: "17", count: 2 }] }),
    );
  });
});
