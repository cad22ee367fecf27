import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { checkContent } from "./check-content";

const { segments } = testDatabase("2026-03-10T12:00:00Z");
const { duck } = segments;

type Changed = { id?: string; message?: string; attributes?: string; tags?: string };

/** Two entries, the second one changed. */
const entries = ({ id = "8", message = "'two'", attributes = "null", tags = "['a', 'b']" }: Changed = {}) =>
  sql.raw(`(select * from (values
    (7, make_timestamp(1000), 'shop', 'info', 'one', -3, null::varchar[], '{"a":1}'),
    (${id}, make_timestamp(2000), 'shop', 'error', ${message}, null, ${tags}, ${attributes})
  ) as entry (id, "timestamp", service, level, message, pattern, tags, attributes))`);

const totals = {
  rows: 2,
  ids: 15n,
  micros: 3_000n,
  patterns: -3n,
  services: 8,
  levels: 9,
  messages: 6,
  attributes: 7,
};

test("given what was read, then how long it is as text is told", async () => {
  const [first, second] = ["shopinfoone", "shoperrortwoa,b"].map((text) => text.length + 27);
  expect(await checkContent(duck, entries(), entries(), totals)).toBe((first ?? 0) + 7 + (second ?? 0));
});

test.each<[string, Changed]>([
  ["id", { id: "9" }],
  ["message", { message: "'owt'" }],
  ["null as an empty text", { attributes: "''" }],
  ["tags in another order", { tags: "['b', 'a']" }],
])("given another %s in the file, then it is not taken for what was read", async (_, changed) => {
  await expect(checkContent(duck, entries(), entries(changed), totals)).rejects.toThrow(/where it should be/);
});

test("given staged entries that are not as long as those that were read, then they are not taken for them", async () => {
  const longer = entries({ message: "'twos'" });
  await expect(checkContent(duck, longer, longer, totals)).rejects.toThrow("messages is 7 where it should be 6");
  const fewer = sql`(select * from ${entries()} limit 1)`;
  await expect(checkContent(duck, fewer, fewer, totals)).rejects.toThrow(/where it should be/);
});
