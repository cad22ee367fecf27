import { sql } from "drizzle-orm";
import { z } from "zod";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { isCounted } from "@/core/search/query/query-tree";
import { foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import { scopeOf } from "@/core/search/scope";
import { countsWithin, ENTRY_COUNTS } from "@/core/stats/rollups";
import type { Facts } from "./group-entries";
import type { Key } from "./pipe-tree";
import { type Question, widthOf } from "./question";
import type { StatsAsked } from "./stats-asked";

/** Whether what is asked can be told from the counts by minute, service and level. */
export function canBeCounted({ query, from, to }: StatsAsked, { stats, stepMs }: Question): boolean {
  const { measures, by } = stats;
  const isWhole = [from, to].every((time) => time.getTime() % MINUTE_MS === 0);
  return (
    isWhole &&
    (stepMs === null || stepMs % MINUTE_MS === 0) &&
    isCounted(query) &&
    by.every(isCountedKey) &&
    measures.every(
      ({ call, condition }) =>
        (call.kind === "count" || call.kind === "rate") &&
        call.field === null &&
        (condition === null || isCounted(condition)),
    )
  );
}

const isCountedKey = ({ of }: Key) => of.kind !== "field" || of.field.name === "service" || of.field.name === "level";

const rowSchema = z.object({
  bucket: z.coerce.date(),
  service: z.string(),
  level: z.enum(LEVELS),
  count: z.number(),
});

/** The counts as entries, each for as many as it counts. */
export async function readCounts(
  { db }: Pick<Context, "db">,
  { from, to, allKeptFrom, ...sought }: StatsAsked,
  question: Question,
): Promise<{ facts: Facts; weight: number }[]> {
  const { required } = await scopeOf(db, { ...sought, from, to });
  const { stats } = question;
  const width = widthOf(question);
  const counts = countsWithin(ENTRY_COUNTS, {
    window: { from, to },
    service: required.services ?? undefined,
    coarsest: from < allKeptFrom ? "minute" : coarsestOf(width),
  });
  const isNeeded = (name: "service" | "level") =>
    stats.by.some(({ of }) => of.kind === "field" && of.field.name === name) ||
    stats.measures.some(({ condition }) => condition !== null);
  const bucket =
    width === null
      ? sql`${from}::timestamptz`
      : sql`date_bin(make_interval(secs => ${width / SECOND_MS}), bucket, to_timestamp(0))`;
  const result = await db.execute(sql`
    select ${bucket} as bucket, ${isNeeded("service") ? sql`service` : sql`''`} as service,
      ${isNeeded("level") ? sql`level` : sql`${LEVELS[0]}`} as level, sum(count)::float8 as count
    from ${counts} as counts
    ${required.levels === null ? sql`` : sql`where level = any(${sql.param(required.levels)}::logs.level[])`}
    group by 1, 2, 3`);
  const conditions = stats.measures.map(({ condition }) => condition && toPredicate(condition));
  return z
    .array(rowSchema)
    .parse(result.rows)
    .map(({ bucket: time, service, level, count }) => {
      const entry = { ...NOTHING_ELSE, service, level, micros: String(time.getTime() * 1_000) };
      const folded = foldEntry(entry);
      const facts: Facts = {
        micros: time.getTime() * 1_000,
        id: 0n,
        textsOf: ({ name }) => (name === "service" ? [service] : [level]),
        isOf: (measure) => conditions[measure]?.(folded) ?? true,
      };
      return { facts, weight: count };
    });
}

const NOTHING_ELSE = { message: "", pattern: null, tags: null, attributes: null };

function coarsestOf(width: number | null): "minute" | "hour" | "day" {
  if (width === null || width % DAY_MS === 0) return "day";
  return width % HOUR_MS === 0 ? "hour" : "minute";
}
