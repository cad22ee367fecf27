import fc from "fast-check";
import { expect, test } from "vitest";
import { attributeTexts } from "@/core/search/query/attribute-texts";
import { AttributeFinder } from "./attribute-finder";

const PATHS = ["a", "b", "a.b", "x-y"];
const name = fc.constantFrom(...PATHS, "A", "B", "c");
const scalar = fc.constantFrom("1.50", "1", '"t"', '"\u00e9"', "null", "[1,2]", '{"b":2}', "{}");
const members = (value: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(name, value), { maxLength: 4 })
    .map((all) => `{${all.map(([key, one]) => `"${key}":${one}`).join(",")}}`);
const document = members(fc.oneof(scalar, members(scalar)));

test("given one document after the other, then of each the texts at all paths are those of walking over it for one", () => {
  fc.assert(
    fc.property(fc.array(document, { maxLength: 40 }), (documents) => {
      const finder = new AttributeFinder(PATHS.map((path) => path.split(".")));
      for (const one of documents) {
        for (const path of PATHS.map((written) => written.split("."))) {
          expect(finder.textsAt(one, path)).toEqual(attributeTexts(one, path));
        }
      }
    }),
    { numRuns: 300 },
  );
});
