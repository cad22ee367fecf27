import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { LEVELS, type Level } from "@/core/levels";
import { timestampOf } from "./duck";

/** Some services, or all but some. */
export const serviceSetSchema = z.union([
  z.strictObject({ only: z.array(z.string()) }),
  z.strictObject({ all_but: z.array(z.string()) }),
]);

const hiddenLevelsSchema = z.partialRecord(z.enum(LEVELS), serviceSetSchema);

/**
 * What of a segment's file counts as removed: retention took it, and the file is written anew only when that is worth it. Readers pass
 * over it, counts don't have it. It only ever grows, so what was removed never comes back when rules change.
 */
export const hiddenSchema = z.strictObject({
  /** Entries before this, microseconds since 1970; null: of any time. */
  before: z.number().nullable(),
  /** And at these levels those of these services. */
  levels: hiddenLevelsSchema,
});

export type ServiceSet = z.infer<typeof serviceSetSchema>;
export type HiddenLevels = z.infer<typeof hiddenLevelsSchema>;
export type Hidden = z.infer<typeof hiddenSchema>;

const listOf = (set: ServiceSet) => ("only" in set ? set.only : set.all_but);
const isNothing = (set: ServiceSet) => "only" in set && set.only.length === 0;

/** What is in one or the other. */
function unionOfSets(one: ServiceSet, other: ServiceSet): ServiceSet {
  if ("only" in one && "only" in other) return { only: [...new Set([...one.only, ...other.only])].sort() };
  if ("only" in one) return unionOfSets(other, one);
  const isLeftOut = (service: string) =>
    "only" in other ? !other.only.includes(service) : other.all_but.includes(service);
  return { all_but: listOf(one).filter(isLeftOut).sort() };
}

/** What either hides: what was hidden stays so. @param one null: nothing yet */
export function unionOf(one: Hidden | null, other: Hidden): Hidden {
  if (one === null) return other;
  const levels = { ...one.levels };
  for (const level of LEVELS) {
    const [mine, theirs] = [one.levels[level], other.levels[level]];
    if (theirs) levels[level] = mine ? unionOfSets(mine, theirs) : theirs;
  }
  const before =
    one.before === null || (other.before !== null && other.before > one.before) ? other.before : one.before;
  return { before, levels };
}

/** As far as it can be in a segment; null when it can't. Services are only named when the segment lists its own. */
export function withinSegment(
  { before, levels }: Hidden,
  segment: { firstMicros: number; services: readonly string[] | null; levels: readonly Level[] },
): Hidden | null {
  const { services, firstMicros } = segment;
  const narrowed: HiddenLevels = {};
  for (const level of segment.levels) {
    const set = levels[level];
    if (!set) continue;
    const list = listOf(set).filter((service) => !services || services.includes(service));
    const isNone = "only" in set ? list.length === 0 : services !== null && list.length === services.length;
    if (!isNone) narrowed[level] = "only" in set ? { only: list } : { all_but: list };
  }
  const isBefore = before !== null && before > firstMicros;
  return isBefore || Object.keys(narrowed).length > 0 ? { before: isBefore ? before : null, levels: narrowed } : null;
}

/** Whether everything of `other` is hidden already. */
export function hides(hidden: Hidden | null, other: Hidden): boolean {
  const united = unionOf(hidden, other);
  return (
    hidden !== null &&
    united.before === hidden.before &&
    LEVELS.every((level) => sameSet(united.levels[level], hidden.levels[level]))
  );
}

function sameSet(one: ServiceSet | undefined, other: ServiceSet | undefined): boolean {
  if (!one || !other) return one === other;
  const [left, right] = [listOf(one), listOf(other)];
  return (
    "only" in one === "only" in other && left.length === right.length && left.every((name) => right.includes(name))
  );
}

/** The services and levels as a condition, the same text for PostgreSQL and DuckDB; null: none. */
export function levelsCondition(levels: HiddenLevels): SQL | null {
  const parts = LEVELS.flatMap((level) => {
    const set = levels[level];
    if (!set || isNothing(set)) return [];
    const ofLevel = sql`level = ${sql.raw(`'${level}'`)}`;
    const list = listOf(set);
    if (list.length === 0) return [ofLevel];
    const names = sql.join(
      list.map((name) => sql`${name}`),
      sql`, `,
    );
    return [sql`(${ofLevel} and service ${"only" in set ? sql`` : sql`not `}in (${names}))`];
  });
  return parts.length === 0 ? null : sql`(${sql.join(parts, sql` or `)})`;
}

/** What is hidden, as a condition of DuckDB. */
export function hiddenCondition({ before, levels }: Hidden): SQL {
  const ofLevels = levelsCondition(levels) ?? sql`false`;
  return before === null ? ofLevels : sql`("timestamp" < ${timestampOf(before)} or ${ofLevels})`;
}
