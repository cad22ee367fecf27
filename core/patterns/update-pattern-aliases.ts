import { eq, gte, inArray, lt, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { Context } from "@/core/context";
import { patternAliases, patterns } from "@/db/schema";
import { findAliases, type PatternShape } from "./find-aliases";
import { fingerprintMessage, RULES_VERSION, shapeOf } from "./fingerprint-message";
import { patternSample } from "./scan-sample";

/** Patterns that are compared, those seen last; and those made anew in one transaction. */
const MOST_COMPARED = 5_000;
const BATCH = 1_000;

type Alias = typeof patternAliases.$inferSelect;

export type AliasResult = { refingerprinted: number; aliases: number };

/** By id and rules: what a pattern looks like never changes. Null for what has no aliases. */
const shapes = new LRUCache<bigint, { shape: PatternShape | null }>({ max: MOST_COMPARED });

/**
 * Brings the aliases up to date: patterns of older rules become aliases of what the present rules make of their samples, and
 * special cases become aliases of the general (findAliases). What a person has merged or taken apart stays. Running it
 * again, or at another instance, changes nothing.
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
        .onConflictDoNothing();
    }
    const ids = old.map(({ id }) => id);
    await transaction.update(patterns).set({ rulesVersion: RULES_VERSION }).where(inArray(patterns.id, ids));
  });
  return old.length;
}

/** @returns how many aliases are new or changed */
async function compare({ db, clock }: Context): Promise<number> {
  const recent = await db
    .select({ id: patterns.id })
    .from(patterns)
    .where(gte(patterns.rulesVersion, RULES_VERSION))
    .orderBy(sql`last_seen desc, id`)
    .limit(MOST_COMPARED);
  await readShapes(
    db,
    recent.map(({ id }) => id).filter((id) => !shapes.has(id)),
  );
  const known = new Map((await db.select().from(patternAliases)).map((alias) => [alias.pattern, alias]));
  const compared = recent.flatMap(({ id }) => {
    const alias = known.get(id);
    if (alias?.pinned || alias?.reason === "rules") return [];
    return shapes.get(id)?.shape ?? [];
  });
  const changed = resolve(findAliases(compared), known);
  const now = clock.now();
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
  return changed.size;
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
