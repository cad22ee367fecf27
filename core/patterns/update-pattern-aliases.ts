import { and, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { Context } from "@/core/context";
import { patternAliases, patterns } from "@/db/schema";
import { findAliases, type PatternShape } from "./find-aliases";
import { fingerprintMessage, RULES_VERSION, shapeOf } from "./fingerprint-message";
import { patternSample } from "./scan-sample";
import { tellPatternsChanged } from "./tell-patterns-changed";

/** Patterns that are compared, those seen last; and those made anew in one transaction. */
const MOST_COMPARED = 5_000;
const BATCH = 1_000;

type Alias = typeof patternAliases.$inferSelect;

export type AliasResult = { refingerprinted: number; aliases: number };

/** By id and rules: what a pattern looks like never changes. Null for what has no aliases. */
const shapes = new LRUCache<bigint, { shape: PatternShape | null }>({ max: MOST_COMPARED });

/**
 * Brings the aliases up to date: patterns of older rules become aliases of what the present rules make of their samples, and
 * special cases become aliases of the general (findAliases), and stand by themselves again when they are none any more.
 * What a person has merged or taken apart stays. Running it again, or at another instance, changes nothing.
 */
export async function updatePatternAliases(context: Context): Promise<AliasResult> {
  let refingerprinted = 0;
  for (let done = BATCH; done === BATCH; refingerprinted += done) done = await refingerprint(context);
  return { refingerprinted, aliases: await compare(context) };
}

/** @returns how many were made anew */
async function refingerprint({ db, clock }: Context): Promise<number> {
  const old = await db
    .select()
    .from(patterns)
    .where(lt(patterns.rulesVersion, RULES_VERSION))
    .orderBy(patterns.id)
    .limit(BATCH);
  if (old.length === 0) return 0;
  const now = clock.now();
  await db.transaction(async (transaction) => {
    for (const { id, sample, lastSeen, mutedAt } of old) {
      const renewed = fingerprintMessage(patternSample(Buffer.from(sample)));
      if (renewed === id) continue;
      await transaction
        .insert(patterns)
        .values({ id: renewed, sample, rulesVersion: RULES_VERSION, mutedAt, lastSeen })
        .onConflictDoUpdate({
          target: patterns.id,
          set: { lastSeen: sql`greatest(${patterns.lastSeen}, excluded.last_seen)` },
        });
      await transaction
        .insert(patternAliases)
        .values({ pattern: id, canonical: renewed, reason: "rules", createdAt: now })
        .onConflictDoUpdate({
          target: patternAliases.pattern,
          set: { canonical: renewed, reason: "rules" },
          setWhere: eq(patternAliases.pinned, false),
        });
    }
    const ids = old.map(({ id }) => id);
    await transaction.update(patterns).set({ rulesVersion: RULES_VERSION }).where(inArray(patterns.id, ids));
  });
  return old.length;
}

/** @returns how many aliases are new, changed or gone */
async function compare({ db, clock }: Context): Promise<number> {
  // Before the patterns: what is found by another instance meanwhile is not missed among what is compared here.
  const known = new Map((await db.select().from(patternAliases)).map((alias) => [alias.pattern, alias]));
  const recent = await db
    .select({ id: patterns.id, rulesVersion: patterns.rulesVersion })
    .from(patterns)
    .where(gte(patterns.rulesVersion, RULES_VERSION))
    .orderBy(sql`last_seen desc, id`)
    .limit(MOST_COMPARED);
  await readShapes(
    db,
    recent.map(({ id }) => id).filter((id) => !shapes.has(id)),
  );
  const compared = recent.flatMap(({ id }) => (known.get(id)?.reason === "rules" ? [] : (shapes.get(id)?.shape ?? [])));
  const { aliases: found, undecided } = findAliases(compared, fixedBy([...known.values()]));
  // Newer rules, of an instance that is ahead of this one, may know causes that these don't.
  const isWhole = recent.length < MOST_COMPARED && recent.every(({ rulesVersion }) => rulesVersion === RULES_VERSION);
  const gone = isWhole
    ? compared.flatMap(({ id }) => {
        const alias = known.get(id);
        const isCase = alias && !alias.pinned && alias.reason === "special case";
        return isCase && !found.has(id) && !undecided.has(id) ? [alias] : [];
      })
    : [];
  for (const { pattern } of gone) known.delete(pattern);
  const changed = resolve(found, known);
  await write(db, changed, gone, clock.now());
  if (changed.size + gone.length > 0) await tellPatternsChanged(db);
  return changed.size + gone.length;
}

/** What a person has said something of: merged into another, taken apart, or merged others into. */
function fixedBy(known: readonly Alias[]): Set<bigint> {
  return new Set(known.filter(({ pinned }) => pinned).flatMap(({ pattern, canonical }) => [pattern, canonical]));
}

/** One by one, so that nobody who changes several at once is waited for with some locked; what a person does meanwhile stays. */
async function write(
  db: Context["db"],
  changed: ReadonlyMap<bigint, bigint>,
  gone: readonly Alias[],
  now: Date,
): Promise<void> {
  for (const { pattern, canonical } of gone) {
    const { pattern: id, canonical: root, pinned } = patternAliases;
    await db.delete(patternAliases).where(and(eq(id, pattern), eq(root, canonical), eq(pinned, false)));
  }
  for (const [pattern, canonical] of changed) {
    await db
      .insert(patternAliases)
      .values({ pattern, canonical, reason: "special case", createdAt: now })
      .onConflictDoUpdate({
        target: patternAliases.pattern,
        set: { canonical },
        setWhere: eq(patternAliases.pinned, false),
      });
  }
}

/** The aliases that are to be written: each to its root, none to itself, through what persons and older rules have said. */
export function resolve(found: ReadonlyMap<bigint, bigint>, known: ReadonlyMap<bigint, Alias>): Map<bigint, bigint> {
  const next = new Map<bigint, bigint>([...known].map(([pattern, { canonical }]) => [pattern, canonical]));
  for (const [pattern, canonical] of found) next.set(pattern, canonical);
  const changed = new Map<bigint, bigint>();
  for (const pattern of next.keys()) {
    const root = rootOf(pattern, next);
    const alias = known.get(pattern);
    if (root === null || root === alias?.canonical || (root === pattern && !alias)) continue;
    if (!alias?.pinned) changed.set(pattern, root);
  }
  return changed;
}

/** Null when it leads back to itself, as it can when a person merged the general into the special: then nothing is changed. */
function rootOf(pattern: bigint, next: ReadonlyMap<bigint, bigint>): bigint | null {
  const visited = new Set<bigint>([pattern]);
  for (let at = pattern; ; ) {
    const canonical = next.get(at);
    if (canonical === undefined || canonical === at) return at;
    if (visited.has(canonical)) return null;
    visited.add(canonical);
    at = canonical;
  }
}

async function readShapes(db: Context["db"], ids: readonly bigint[]): Promise<void> {
  for (let first = 0; first < ids.length; first += BATCH) {
    const rows = await db
      .select({ id: patterns.id, sample: patterns.sample })
      .from(patterns)
      .where(inArray(patterns.id, ids.slice(first, first + BATCH)));
    for (const { id, sample } of rows) {
      const shape = shapeOf(Buffer.from(sample));
      // A sample that was stored by a person or by other rules may be of another pattern.
      shapes.set(id, { shape: shape?.id === id ? shape : null });
    }
  }
}
