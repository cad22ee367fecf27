import fc from "fast-check";
import { expect, test } from "vitest";
import { AttributeReader } from "./attribute-reader";

const PATHS = ["a", "b", "a.b", "b.a", "http.status"];

const SCALARS = ["null", "true", "false", "0", "-1.5e3", '"x"', '""', '"with \\" in it"', '"\\u0041"', "12", '"ä"'];

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 1, arbitrary: fc.array(tie("value"), { maxLength: 2 }).map((values) => `[${values.join(", ")}]`) },
    {
      weight: 2,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom("a", "b", "A", "c", "status", "a.b"), tie("value")), { maxLength: 3 })
        .map((members) => `{${members.map(([name, text]) => `"${name}":${text}`).join(",")}}`),
    },
  ),
}));
const document = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "http", "c"), value), { maxLength: 3 })
  .map((members) => `{ ${members.map(([name, text]) => `"${name}": ${text}`).join(" ,")}}`);

/** What a reader finds of a document in the middle of other bytes. */
function foundBy(reader: AttributeReader, text: string) {
  const source = Buffer.from(`"{${text}}"`);
  reader.read(source, 2, source.length - 2);
  return PATHS.map((_, slot) => {
    const count = reader.counts[slot] ?? 0;
    return count === 1 ? source.toString("utf8", reader.starts[slot], reader.ends[slot]) : count;
  });
}

test("given documents of few or many shapes, then one reader finds of each what one that knows none of the others finds", () => {
  const families = fc.array(document, { minLength: 1, maxLength: 4 }).chain((shapes) =>
    fc.array(fc.tuple(fc.constantFrom(...shapes), fc.nat(9_999)), { minLength: 20, maxLength: 60 }).map((drawn) =>
      // Other numbers and texts in documents that are the same otherwise.
      drawn.map(([text, number]) =>
        text.replaceAll("12", String(number)).replaceAll('"x"', `"${"x".repeat(number % 7)}"`),
      ),
    ),
  );
  fc.assert(
    fc.property(families, (documents) => {
      const reader = new AttributeReader(PATHS);
      for (const text of documents)
        expect([text, foundBy(reader, text)]).toEqual([text, foundBy(new AttributeReader(PATHS), text)]);
    }),
    { numRuns: 300 },
  );
});
