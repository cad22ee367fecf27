import { isWord, WILDCARD } from "./tokens";

/** A pattern as its scan shows it: the words between spaces, each as the hashes of its tokens. */
export type PatternShape = { id: bigint; words: readonly (readonly number[])[] };

/** More words that are a value in one and not in the other are too many. */
const MOST_ABSORBED = 3;
const FEWEST_LITERALS = 3;

/**
 * Patterns that are special cases of others: `Invalid user <*> from <*>` and `Invalid user admin from <*>`, which the scan
 * can't know to be one. B is an alias of A when both have as many words between spaces, and each token of A is B's, or a
 * value where B has a literal word; at most three are, and A has at least three literal words and as many as that. Of several A the most general
 * is taken, then the one with the smallest id. A pure function of the set: order, time and instance don't matter, and an
 * alias is never of an alias.
 * @returns canonical pattern by alias
 */
export function findAliases(patterns: readonly PatternShape[]): Map<bigint, bigint> {
  const aliases = new Map<bigint, bigint>();
  for (const group of byWordCount(patterns).values()) {
    const general = group.filter((shape) => values(shape) > 0).sort(moreGeneralFirst);
    for (const pattern of group) {
      const canonical = general.find((candidate) => candidate.id !== pattern.id && absorbs(candidate, pattern));
      if (canonical) aliases.set(pattern.id, canonical.id);
    }
  }
  // What stands for others may itself be a case of something still more general.
  for (const [alias, canonical] of aliases) {
    let root = canonical;
    for (let next = aliases.get(root); next !== undefined; next = aliases.get(root)) root = next;
    aliases.set(alias, root);
  }
  return aliases;
}

function byWordCount(patterns: readonly PatternShape[]): Map<number, PatternShape[]> {
  const groups = new Map<number, PatternShape[]>();
  for (const pattern of patterns) {
    const group = groups.get(pattern.words.length);
    if (group) group.push(pattern);
    else groups.set(pattern.words.length, [pattern]);
  }
  return groups;
}

const values = ({ words }: PatternShape) =>
  words.reduce((sum, word) => sum + word.filter((hash) => hash === WILDCARD).length, 0);

const moreGeneralFirst = (one: PatternShape, other: PatternShape) =>
  values(other) - values(one) || (one.id < other.id ? -1 : 1);

/** Never both ways: `general` has a value where `special` has none. */
function absorbs(general: PatternShape, special: PatternShape): boolean {
  let absorbed = 0;
  let literals = 0;
  for (const [index, word] of general.words.entries()) {
    const other = special.words[index] ?? [];
    if (word.length !== other.length) return false;
    for (const [at, hash] of word.entries()) {
      if (hash === other[at]) {
        if (word.length === 1 && isWord(hash)) literals++;
      } else if (hash === WILDCARD && isWord(other[at] ?? WILDCARD)) absorbed++;
      else return false;
    }
    if (absorbed > MOST_ABSORBED) return false;
  }
  return absorbed > 0 && literals >= FEWEST_LITERALS && literals >= absorbed;
}
