import { LIMITS } from "@/core/limits";
import { Pauses } from "@/core/pauses";
import { flattenAttributes } from "@/core/search/flatten-attributes";
import { fold } from "@/core/search/query/fold";
import { canHaveColumn, canonicalNumber } from "../attribute-columns";

/** A rarer attribute is found by its name, of which the blocks' filters know. */
const LEAST_SHARE = 0.005;
/** Texts that hardly repeat, such as ids, would cost more than they save: they are found by the words in them. */
const MOST_DIFFERENT_SHARE = 0.25;
const FEW_TEXTS = 50;
/** Longer texts are no values that are compared or counted. */
export const MOST_TEXT_BYTES = 200;

type Seen = { entries: number; texts: Set<string>; isNumber: boolean; canBe: boolean };

/**
 * The attributes that get columns of their own, by what a sample of the entries has: the most frequent ones whose texts repeat or are
 * numbers.
 * @param documents JSON texts
 * @returns paths in their order as texts, so that segments of the same entries have the same columns
 */
export async function chooseColumns(documents: readonly string[]): Promise<string[]> {
  const paths = new Map<string, Seen>();
  const pauses = new Pauses();
  for (const document of documents) {
    await pauses.pause();
    const own = new Set<string>();
    for (const [name, text] of flattenAttributes(document)) {
      const path = fold(name);
      const seen = paths.get(path) ?? { entries: 0, texts: new Set(), isNumber: true, canBe: canHaveColumn(path) };
      paths.set(path, seen);
      if (own.has(path) || text.length > MOST_TEXT_BYTES) seen.canBe = false;
      own.add(path);
      seen.entries++;
      seen.texts.add(text);
      seen.isNumber &&= canonicalNumber(text) !== null;
    }
  }
  return [...paths]
    .filter(
      ([, { entries, texts, isNumber, canBe }]) =>
        canBe &&
        entries >= documents.length * LEAST_SHARE &&
        (isNumber || texts.size <= Math.max(FEW_TEXTS, entries * MOST_DIFFERENT_SHARE)),
    )
    .sort(([a, one], [b, other]) => other.entries - one.entries || (a < b ? -1 : 1))
    .slice(0, LIMITS.attributeColumns)
    .map(([path]) => path)
    .sort();
}
