import { sql } from "drizzle-orm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "@/core/testing/test-database";
import { attributeSql } from "./attribute-sql";
import { attributeTexts } from "./attribute-texts";
import { fold } from "./fold";
import { parseQuery } from "./parse";
import { testText } from "./to-predicate";

const context = testDatabase("2026-03-10T12:00:00Z");

/** Names that meet those of the paths in every way: other case, dots, escapes, letters that fold into others, as a part of others. */
const name = fc.constantFrom(
  "id",
  "ID",
  "user",
  "User.Id",
  "user.id",
  "user_id",
  "a.user.id",
  "x",
  "\\u0069d",
  "\\u0130d",
  "\u0130d",
  "K",
  "k",
  "\u212a",
  "\\u212A",
  "x\\u002did",
  "x-id",
  "0",
  "é",
);
const number = fc.constantFrom("5", "5.0", "-3", "1e2", "1E+2", "0.5", "500", "1e400", "12345678901234567890123", "0");
const text = fc.constantFrom(
  "5",
  "500",
  "Five",
  "f\\u0069ve",
  "\\u00DC",
  "ü",
  "",
  " 5",
  "5.",
  ".5",
  "nan",
  "Infinity",
  "0x10",
  "[5]",
  '{\\"id\\":5}',
  '\\"id\\"',
  "id",
  "user.id",
  "1e3",
  "é",
);
const scalar = fc.oneof(
  number,
  text.map((value) => `"${value}"`),
  fc.constantFrom("true", "null", "false"),
);
const space = fc.constantFrom("", "", " ", "\n");
/** Texts of JSON: names may stand twice. */
const json = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }).map((values) => `[${values.join(",")}]`),
  ),
  object: fc
    .array(fc.tuple(name, tie("value"), space), { maxLength: 3 })
    .map(
      (members) => `{${members.map(([key, value, blank]) => `${blank}"${key}"${blank}:${blank}${value}`).join(",")}}`,
    ),
})).object;

const path = fc.constantFrom("id", "user.id", "a.user.id", "user_id", "k", "x-id", "user.0", "x.é", "a.b.c.d.e.id");
const condition = fc.oneof(
  fc.constantFrom(
    ":5",
    ":500",
    ":five",
    ':"\\[5\\]"',
    ":f*e",
    ":*",
    ':""',
    ":ü",
    ":5*",
    ":true",
    ":/^f.ve|5/",
    ":/./",
    ":id",
  ),
  fc
    .tuple(fc.constantFrom(">", ">=", "<", "<="), fc.constantFrom("5", "-3", "0", "100", "1e20"))
    .map((parts) => parts.join("")),
);

test("given any JSON and any attribute that is asked for, then PostgreSQL finds what a walk over its text finds", async () => {
  const documents = fc.array(json, { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(fc.tuple(path, condition), { minLength: 1, maxLength: 8 }),
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
