import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { MINUTE_MS, SECOND_MS } from "@/core/clock";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { LIMITS } from "@/core/limits";
import { isCounted } from "@/core/search/query/query-tree";
import { testsField } from "@/core/search/query/tests-field";
import { foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import { scopeOf } from "@/core/search/scope";
import { coarsestWithin, countsWithin } from "@/core/stats/rollups";
import { type Facts, type Grouping, tooManyGroups } from "./group-entries";
import type { Key, Stats } from "./pipe-tree";
import { type Question, widthOf } from "./question";
import { noRoom } from "./room";
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

/** Each looked at as it is: making a schema's copy of them takes longer than counting. */
const numbersSchema = z.custom<number[]>(
  (value) => Array.isArray(value) && value.every((one) => typeof one === "number"),
  "must be numbers",
);

const seriesSchema = z.object({
  service: z.string(),
  level: z.enum(LEVELS),
  starts: numbersSchema,
  counts: numbersSchema,
});

/**
 * Of a service and level when the steps begin that have entries, in seconds since 1970, and how many each has; a step may come several
 * times. Services or levels that nothing asks for are counted as one, whose name says nothing.
 */
export type CountedSeries = z.infer<typeof seriesSchema> & {
  /** Which measures take these entries, by their place. */
  taken: readonly boolean[];
};

/**
 * What was counted of what is asked for. Steps travel together, as a row for each costs more time than counting.
 * @throws Fault invalid when there are more steps than groups may be, or than there is room for
 */
export async function readCounts(
  { db }: Pick<Context, "db">,
  { from, to, allKeptFrom, ...sought }: StatsAsked,
  question: Question,
): Promise<CountedSeries[]> {
  const { required } = await scopeOf(db, { ...sought, from, to });
  const { stats } = question;
  const width = widthOf(question);
  const counts = countsWithin({
    window: { from, to },
    service: required.services ?? undefined,
    coarsest: width === null ? "day" : coarsestWithin(width),
    rolledUpFrom: allKeptFrom,
  });
  const isNeeded = (name: CountedName) =>
    isGroupedBy(stats, name) ||
    stats.measures.some(({ condition }) => condition !== null && testsField(condition, name));
  const counted = sql`
    select ${isNeeded("service") ? sql`service` : sql`''`} as service,
      ${isNeeded("level") ? sql`level` : sql`${LEVELS[0]}`} as level, ${startOf(width)} as start, count
    from ${counts} as counts
    ${required.levels === null ? sql`` : sql`where level = any(${sql.param(required.levels)}::logs.level[])`}`;
  const summed = (rows: SQL) =>
    sql`select service, level, start, sum(count) as count from (${rows}) as counted group by service, level, start`;
  const areGroups =
    COUNTED_NAMES.every((name) => isGroupedBy(stats, name) || !isNeeded(name)) && isStep(question, width);
  const most = areGroups ? LIMITS.computedGroups : LIMITS.countedSteps;
  const readSteps = async (steps: SQL) => {
    const result = await db.execute(sql`
      select service, level, json_agg(date_part('epoch', start)) as starts, json_agg(count) as counts
      from (${steps} limit ${most + 1}) as steps group by service, level`);
    const found = z.array(seriesSchema).parse(result.rows);
    return { found, isMore: found.reduce((sum, { starts }) => sum + starts.length, 0) > most };
  };
  // What differs in service and level is hardly less when it is summed there, which takes longer than taking it.
  const isApart = COUNTED_NAMES.every(isNeeded);
  let { found, isMore } = await readSteps(isApart ? counted : summed(counted));
  if (isMore && isApart && width !== MINUTE_MS) {
    // More rows than this make more steps than may be, as a step has no more than one of each minute.
    const rows = width === null ? sql`` : sql`limit ${Math.ceil(width / MINUTE_MS) * most + 1}`;
    ({ found, isMore } = await readSteps(summed(sql`${counted} ${rows}`)));
  }
  if (isMore) throw areGroups ? tooManyGroups() : noRoom();
  const conditions = stats.measures.map(({ condition }) => condition && toPredicate(condition));
  return found.map((series) => {
    const entry = foldEntry({ ...NOTHING_ELSE, service: series.service, level: series.level });
    return { ...series, taken: conditions.map((condition) => condition?.(entry) ?? true) };
  });
}

const COUNTED_NAMES = ["service", "level"] as const;
type CountedName = (typeof COUNTED_NAMES)[number];

const isGroupedBy = ({ by }: Stats, name: CountedName) =>
  by.some(({ of }) => of.kind === "field" && of.field.name === name);

/** Whether what begins within another such width is in another group. */
const isStep = ({ stats: { by }, stepMs }: Question, width: number | null) =>
  width === null || (width === stepMs && by.some(({ of }) => of.kind === "time"));

/** Puts what was counted into groups as entries, each for as many as it counts. */
export async function groupCounts(
  context: Pick<Context, "db">,
  asked: StatsAsked,
  question: Question,
  grouping: Grouping,
): Promise<void> {
  for (const { service, level, starts, counts, taken } of await readCounts(context, asked, question)) {
    const texts = { service: [service], level: [level] };
    const facts: Facts = {
      micros: 0,
      id: 0n,
      textsOf: ({ name }) => (name === "service" ? texts.service : texts.level),
      isOf: (measure) => taken[measure] ?? true,
    };
    for (const [index, start] of starts.entries()) {
      facts.micros = start * MICROS;
      grouping.add(facts, counts[index]);
    }
  }
}

/** Of the widest step that lies within one group; any time where it may be any. */
function startOf(width: number | null): SQL {
  if (width === null) return sql`to_timestamp(0)`;
  return sql`date_bin(make_interval(secs => ${width / SECOND_MS}), bucket, to_timestamp(0))`;
}

const MICROS = 1_000_000;
const NOTHING_ELSE = { micros: "0", message: "", pattern: null, tags: null, attributes: null };
