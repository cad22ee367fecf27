import { isWord, WILDCARD } from "./tokens";

/** A pattern as its scan shows it: the words between spaces, each as the hashes of its tokens. */
export type PatternShape = { id: bigint; words: readonly (readonly number[])[] };

export type FoundAliases = {
  /** Canonical pattern by alias. */
  aliases: Map<bigint, bigint>;
  /** What is no alias of any that it was compared with, but was not compared with all. */
  undecided: Set<bigint>;
};

/** More words that are a value in one and not in the other are too many. */
const MOST_ABSORBED = 3;
const FEWEST_LITERALS = 3;
const QUARTERS = MOST_ABSORBED + 1;
/** Patterns with a quarter in common that are compared. */
const MOST_ALIKE = 30;

/**
 * Patterns that are special cases of others: `Invalid user <*> from <*>` and `Invalid user admin from <*>`, which the scan
 * can't know to be one. B is an alias of A when both have as many words between spaces, and each token of A is B's, or a
 * value where B has a literal word; at most three are, and A has at least three literal words and as many as that. Of several A the most general
 * is taken, then the one with the smallest id. A pure function of the set: order, time and instance don't matter, and an
 * alias is never of an alias.
 * @param fixed patterns that are no alias of another whatever they look like, but others may be of them
 */
export function findAliases(patterns: readonly PatternShape[], fixed: ReadonlySet<bigint> = new Set()): FoundAliases {
  const aliases = new Map<bigint, bigint>();
  const undecided = new Set<bigint>();
  const general = indexGeneral(patterns.filter((shape) => values(shape) > 0).sort(moreGeneralFirst));
  for (const pattern of patterns) {
    if (fixed.has(pattern.id)) continue;
    const alike = keysOf(pattern).map((key) => general.get(key) ?? []);
    const absorbing = alike.flat().filter((candidate) => candidate.id !== pattern.id && absorbs(candidate, pattern));
    const [canonical] = absorbing.sort(moreGeneralFirst);
    if (canonical) aliases.set(pattern.id, canonical.id);
    else if (alike.some(({ length }) => length === MOST_ALIKE)) undecided.add(pattern.id);
  }
  // What stands for others may itself be a case of something still more general.
  for (const [alias, canonical] of aliases) {
    let root = canonical;
    for (let next = aliases.get(root); next !== undefined; next = aliases.get(root)) root = next;
    aliases.set(alias, root);
  }
  return { aliases, undecided };
}

/**
 * Two patterns that differ in at most three tokens have one of four quarters in common: so only those are compared that do.
 * How many of a quarter are bounded, so that a flood of patterns that are alike costs no more than others.
 */
function keysOf({ words }: PatternShape): string[] {
  const tokens = words.flat();
  const lengths = words.map((word) => word.length).join();
  return Array.from({ length: QUARTERS }, (_, quarter) => {
    const [from, end] = [quarter, quarter + 1].map((at) => Math.floor((at * tokens.length) / QUARTERS));
    return `${lengths}/${quarter}/${tokens.slice(from, end).join()}`;
  });
}

/** @param patterns the most general first */
function indexGeneral(patterns: readonly PatternShape[]): Map<string, PatternShape[]> {
  const index = new Map<string, PatternShape[]>();
  for (const pattern of patterns) {
    for (const key of keysOf(pattern)) {
      const known = index.get(key);
      if (!known) index.set(key, [pattern]);
      else if (known.length < MOST_ALIKE) known.push(pattern);
    }
  }
  return index;
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
