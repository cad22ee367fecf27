import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { notFound } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { parseQuery } from "@/core/search/query/parse";
import { listedEntryOf } from "@/core/search/schemas";
import { searchLogs } from "@/core/search/search-logs";
import type { EntriesContext } from "@/core/segments/segments";
import { barsOf } from "@/core/stats/count-series";
import { type TimeRange, windowOf } from "@/core/stats/time-range";
import { patterns } from "@/db/schema";
import { ALIAS_REASONS } from "@/db/schema/patterns";
import { canonicalCounts, firstSeenEver } from "./canonical-counts";
import { countBars } from "./list-patterns";
import { placeholderValues, renderTemplate } from "./render-template";
import type { PatternDetail } from "./schemas";

const SAMPLED_ENTRIES = 500;
/** As much as a pattern keeps of its sample. */
const SAMPLED = { characters: LIMITS.patternSampleBytes, attributes: false };
const SHOWN_ENTRIES = 10;
const MOST_VALUES = 8;

const aliasSchema = z.object({
  pattern: z.string(),
  sample: z.string().nullable(),
  reason: z.enum(ALIAS_REASONS),
  total: z.number(),
});

/** The first services, each with how many there are and what all of them count. */
const countedSchema = z.array(
  z.object({ service: z.string(), count: z.number(), services: z.number(), total: z.number() }),
);

/** The pattern that another counts as; itself when it is no alias. */
export async function canonicalOf({ db }: Pick<Context, "db">, pattern: string): Promise<string> {
  const result = await db.execute(sql`
    select canonical::text from logs.pattern_aliases where pattern = ${pattern}::bigint`);
  const [alias] = z.array(z.object({ canonical: z.string() })).parse(result.rows);
  return alias?.canonical ?? pattern;
}

/** All about one pattern; an alias is answered with what it counts as. @throws Fault not_found */
export async function getPattern(context: EntriesContext, asked: string, range: TimeRange): Promise<PatternDetail> {
  const { db, clock } = context;
  const pattern = await canonicalOf(context, asked);
  const [row] = await db
    .select()
    .from(patterns)
    .where(eq(patterns.id, BigInt(pattern)));
  if (!row) throw notFound(`there is no pattern ${asked}`);
  const now = clock.now();
  const window = windowOf(range, now);
  const query = parseQuery(`pattern:${pattern} level>=warning`);
  const [services, bars, aliases, recent, first] = await Promise.all([
    db.execute(sql`
      select service, sum(count)::float8 as count, count(*) over ()::int as services, sum(sum(count)) over ()::float8 as total
      from ${canonicalCounts({ window, coarsest: "day" })} as counts
      where pattern = ${pattern}::bigint group by service order by count desc, service limit ${LIMITS.patternServices}`),
    countBars(context, { range, level: "warning" }, [pattern], now),
    db.execute(sql`
      select alias.pattern::text, sample, reason, count(*) over ()::int as total from logs.pattern_aliases as alias left join logs.patterns on id = alias.pattern
      where canonical = ${pattern}::bigint and alias.pattern <> canonical order by alias.created_at desc, alias.pattern limit ${LIMITS.patternAliases}`),
    searchLogs(context, { query, ...window, limit: SAMPLED_ENTRIES, part: SAMPLED }),
    db.execute(sql`select ${firstSeenEver(sql`${pattern}::bigint`)} as at`),
  ]);
  const counted = countedSchema.parse(services.rows);
  const counts = bars.get(pattern) ?? [];
  const aliased = z.array(aliasSchema).parse(aliases.rows);
  const [{ at: firstSeen }] = z.tuple([z.object({ at: z.coerce.date() })]).parse(first.rows);
  return {
    pattern,
    template: renderTemplate(row.sample),
    message: row.sample,
    time_range: range,
    first_seen_ever: firstSeen.toISOString(),
    muted: row.mutedAt !== null,
    count: counted[0]?.total ?? 0,
    services: counted.map(({ service, count }) => ({ service, count })),
    services_total: counted[0]?.services ?? 0,
    trend: barsOf(range, now).map((bar, index) => ({ timestamp: bar.toISOString(), count: counts[index] ?? 0 })),
    recent_entries: recent.entries.slice(0, SHOWN_ENTRIES).map(listedEntryOf),
    values: valuesOf(
      row.sample,
      recent.entries.map(({ message }) => message),
    ),
    sampled: recent.entries.length,
    complete: recent.complete,
    missing_segments: recent.missing_segments,
    missing_count: recent.missing_count,
    aliases: aliased.map(({ pattern: alias, sample, reason }) => ({
      pattern: alias,
      message: sample ?? "",
      template: renderTemplate(sample ?? ""),
      reason,
    })),
    alias_count: aliased[0]?.total ?? 0,
  };
}

/** Only messages with as many placeholders as the sample are compared: those of aliases may have fewer. */
function valuesOf(sample: string, messages: readonly string[]): PatternDetail["values"] {
  const columns = placeholderValues(sample).map(() => new Map<string, number>());
  for (const message of messages) {
    const values = placeholderValues(message);
    if (values.length !== columns.length) continue;
    for (const [index, value] of values.entries()) {
      const column = columns[index];
      column?.set(value, (column.get(value) ?? 0) + 1);
    }
  }
  return columns.map((column) =>
    [...column]
      .sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))
      .slice(0, MOST_VALUES)
      .map(([value, count]) => ({ value, count })),
  );
}
