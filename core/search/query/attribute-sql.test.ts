import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { anyAttributePath, anyAttributeTest, anyJsonObject } from "@/core/testing/any-json";
import { testDatabase } from "@/core/testing/test-database";
import { attributeSql } from "./attribute-sql";
import { attributeTexts } from "./attribute-texts";
import { fold } from "./fold";
import { parseQuery } from "./parse";
import { testText } from "./to-predicate";

const context = testDatabase("2026-03-10T12:00:00Z");

test("given any JSON and any attribute that is asked for, then PostgreSQL finds what a walk over its text finds", async () => {
  const documents = fc.array(anyJsonObject, { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(fc.tuple(anyAttributePath, anyAttributeTest), { minLength: 1, maxLength: 8 }),
      async (given, asked) => {
        for (const [name, wanted] of asked) {
          const node = parseQuery(`${name}${wanted}`);
          if (node.kind !== "match" || node.field.name !== "attribute")
            throw new Error(`${name}${wanted} is something else`);
          const { field, test: asks } = node;
          const expected = given.map((one) =>
            attributeTexts(one, field.path).some((value) => testText(asks, fold(value))),
          );
          const { rows } = await context.db.execute(sql`
          select ${attributeSql(field.path, asks)} as found
          from unnest(${sql.param(given)}::json[]) with ordinality as document (attributes, number) order by number`);
          const found = z.array(z.object({ found: z.boolean() })).parse(rows);
          expect([name, wanted, given, found.map((row) => row.found)]).toEqual([name, wanted, given, expected]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("given entries without attributes, then they fulfil nothing, and their NOT is true", async () => {
  const node = parseQuery("id:5");
  if (node.kind !== "match" || node.field.name !== "attribute") throw new Error("no attribute");
  const { rows } = await context.db.execute(
    sql`select ${attributeSql(node.field.path, node.test)} as found from (select null::json as attributes) as entry`,
  );
  expect(rows).toEqual([{ found: false }]);
});
