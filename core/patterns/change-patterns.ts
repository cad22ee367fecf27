import { and, eq, isNull, sql } from "drizzle-orm";
import type { Outbox } from "@/core/alerts/delivery/outbox";
import { endIncidents } from "@/core/alerts/incidents/end-incidents";
import type { Context } from "@/core/context";
import { conflict, invalidField, notFound } from "@/core/errors";
import { lockExclusive } from "@/core/locks";
import { alertIncidents, patternAliases, patterns } from "@/db/schema";
import { canonicalOf } from "./get-pattern";
import { requirePattern } from "./require-pattern";
import { tellPatternsChanged } from "./tell-patterns-changed";

/** Nobody wants to see it in lists of errors, nor be told of it; it is counted all the same, and its incidents end without a word to people. @throws Fault not_found */
export async function mutePattern(
  context: Context & { outbox: Outbox },
  pattern: string,
  isMuted: boolean,
): Promise<void> {
  const { outbox } = context;
  const id = await canonicalOf(context, pattern);
  await requirePattern(context, id);
  const now = context.clock.now();
  await context.db.transaction(async (transaction) => {
    await transaction
      .update(patterns)
      .set({ mutedAt: isMuted ? now : null })
      .where(eq(patterns.id, BigInt(id)));
    await tellPatternsChanged(transaction);
    if (!isMuted) return;
    const open = and(eq(alertIncidents.pattern, BigInt(id)), isNull(alertIncidents.resolvedAt));
    // In the order in which lockIncidents does.
    await transaction.select().from(alertIncidents).where(open).orderBy(alertIncidents.id).for("update");
    outbox.request(await endIncidents(transaction, sql`incident.pattern = ${id}::bigint`, now, false));
  });
}

/** Counts a pattern, and all that count as it, as another, until somebody takes them apart. @throws Fault not_found, or invalid for itself */
export async function mergePattern(context: Context, pattern: string, into: string): Promise<void> {
  await context.db.transaction(async (transaction) => {
    // Of two that are merged at once each would be looked at before the other is done.
    await lockExclusive(transaction, ["patterns", 0]);
    const inside = { db: transaction };
    const from = await canonicalOf(inside, pattern);
    const root = await canonicalOf(inside, into);
    for (const one of [from, root]) await requirePattern(inside, one);
    if (from === root) throw invalidField("into", "must be another pattern, and these are one already");
    const canonical = BigInt(root);
    await transaction
      .update(patternAliases)
      .set({ canonical })
      .where(sql`canonical = ${from}::bigint and pattern <> canonical`);
    await transaction
      .insert(patternAliases)
      .values({
        pattern: BigInt(from),
        canonical,
        reason: "person",
        pinned: true,
        createdAt: context.clock.now(),
      })
      .onConflictDoUpdate({
        target: patternAliases.pattern,
        set: { canonical, reason: "person", pinned: true, createdAt: context.clock.now() },
      });
    await tellPatternsChanged(transaction);
  });
}

/** Takes a pattern out of the one that it counts as, for good. @throws Fault not_found, or conflict when it is no alias, or one of older rules */
export async function unmergePattern({ db, clock }: Context, pattern: string): Promise<void> {
  const id = BigInt(pattern);
  await db.transaction(async (transaction) => {
    await lockExclusive(transaction, ["patterns", 0]);
    const [alias] = await transaction.select().from(patternAliases).where(eq(patternAliases.pattern, id));
    if (!alias) throw notFound(`${pattern} is no alias of a pattern`);
    if (alias.canonical === id) throw conflict(`${pattern} stands by itself already`);
    if (alias.reason === "rules") throw conflict(`${pattern} is of older rules: what comes now has another pattern`);
    await transaction
      .update(patternAliases)
      .set({ canonical: id, reason: "person", pinned: true, createdAt: clock.now() })
      .where(eq(patternAliases.pattern, id));
    await tellPatternsChanged(transaction);
  });
}
