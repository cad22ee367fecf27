import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { Duck } from "@/core/segments/duck";
import { duckTextTest } from "./duck-texts";
import { parseQuery } from "./parse";
import type { Test } from "./query-tree";
import { testText } from "./to-predicate";

const spill = mkdtempSync(path.join(os.tmpdir(), "cordwood-duck-"));
const duck = new Duck({ spill, folders: [], memoryBytes: 256 * 1024 * 1024 });
afterAll(() => {
  duck.close();
  rmSync(spill, { recursive: true });
});

/** Of a query for one message. */
function testOf(query: string): Test {
  const node = parseQuery(query);
  if (node.kind !== "match") throw new Error(`${query} asks for more than one thing`);
  return node.test;
}

const WILD = [
  "message:a*a*a*a*ab",
  "*a*a*a*ab*",
  "service:a*a*a*a*b",
  "service:*a*a*a*a*b*",
  "a*",
  "service:a*b",
  "/a.*a.*a.*a.*ab/",
  "/^a.*a.*a.*ab$/",
];

test("given any wildcards and texts, then DuckDB finds what the predicate finds", async () => {
  const part = fc.string({ unit: fc.constantFrom(..."ab%_\\.*[(^$\n", "ü", "😀"), maxLength: 3 });
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 });
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."ab%_\\.*[(^$\n", "ü", "😀"), maxLength: 12 }),
    // One that a pattern is made for.
    pattern.map((parts) => parts.join("a")),
  );
  const asked = fc.record({ op: fc.constantFrom<"contains" | "equals">("contains", "equals"), pattern });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(asked, text), { minLength: 1, maxLength: 30 }), async (pairs) => {
      const columns = pairs.map(([one, value]) => sql`${duckTextTest(one, sql`${value}`)}`);
      const [found] = await duck.read(
        sql`select [${sql.join(columns, sql`, `)}]::json::varchar as found`,
        z.object({ found: z.string() }),
      );
      const expected = pairs.map(([one, value]) => testText(one, value));
      expect([pairs, JSON.parse(found?.found ?? "")]).toEqual([pairs, expected]);
    }),
    { numRuns: 100 },
  );
});

test.each(["/a$b/", "/a^b/", "/$a/", "/()a/", "/a()$/", "/^^a/", "/a$$/", "/^a$/", "/a\\$b/", "/\\^a/", "/(a|^b)a/"])(
  "given %s, then DuckDB finds it in the texts in which the predicate does",
  async (query) => {
    const test = testOf(query);
    for (const text of ["", "a", "b", "ab", "ba", "aba", "a$b", "^a", "an a", "a\nb"]) {
      const found = await duck.read(
        sql`select ${duckTextTest(test, sql`${text}`)} as found`,
        z.object({ found: z.boolean() }),
      );
      expect([text, found]).toEqual([text, [{ found: testText(test, text) }]]);
    }
  },
);

test.each(WILD)(
  "given %s, then DuckDB's plan has no LIKE, which takes forever on a text of one letter",
  async (query) => {
    const condition = duckTextTest(testOf(query), sql`lower(message)`);
    const entries = sql`(select repeat('a', 65536) as message from range(20))`;
    const plan = await duck.read(
      sql`explain select count(*) from ${entries} where ${condition}`,
      z.object({ explain_value: z.string() }),
    );
    expect(plan.map(({ explain_value: text }) => text).join("\n")).not.toMatch(/~~|like/i);
    const [counted] = await duck.read(
      sql`select count(*) as count from ${entries} where ${condition}`,
      z.object({ count: z.bigint() }),
    );
    expect(counted?.count).toBe(query === "a*" ? 20n : 0n);
  },
);
