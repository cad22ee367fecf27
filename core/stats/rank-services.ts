import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { getHealth } from "@/core/settings/get-health";
import type { Health } from "@/core/settings/schemas";
import { countsWithin } from "./rollups";
import { HEALTH_STATUSES, type ServiceOrder } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

export type ServicesAsked = {
  /** Of the counts; health is of the last hour whatever the range. */
  range: TimeRange;
  /** Part of the name, in any case of letters. */
  search?: string;
  /** Only these, by their whole names. */
  names?: readonly string[];
  sort: ServiceOrder;
  limit: number;
  offset?: number;
};

/** Of answers that have services by their names: without it the first LIMITS.listedServices by what needs attention. */
export type DashboardAsked = Partial<Pick<ServicesAsked, "search" | "sort" | "limit">>;

const rankedSchema = z.object({
  name: z.string(),
  first_seen: z.coerce.date(),
  last_seen: z.coerce.date(),
  status: z.enum(HEALTH_STATUSES),
  counts: z.record(z.enum(LEVELS), z.number()),
});
const rowSchema = z.object({ total: z.number(), not_ok: z.number(), page: z.array(rankedSchema) });

export type RankedService = z.infer<typeof rankedSchema>;

/** All services that match, by what matters; only those of the page travel. `notOk` is of all that match. */
export type RankedServices = { total: number; notOk: number; services: RankedService[] };

const ORDERS: Readonly<Record<ServiceOrder, SQL>> = {
  attention: sql`severity desc, errors desc, entries desc, name`,
  errors: sql`errors desc, entries desc, name`,
  volume: sql`entries desc, name`,
  name: sql`name`,
  last_seen: sql`last_seen desc, name`,
};

/** One statement for any number of services: they are counted, judged, sorted and cut where the counts are. */
export async function rankServices(context: Context, asked: ServicesAsked): Promise<RankedServices> {
  const { db, clock } = context;
  const { range, search = "", names, sort, limit, offset = 0 } = asked;
  const now = clock.now();
  const counts = (of: TimeRange) => countsWithin({ window: windowOf(of, now), coarsest: "day" });
  const health = await getHealth(context);
  const levels = LEVELS.map(
    (level) => sql`${level}::text, coalesce(sum(count) filter (where level = ${level}), 0)::float8`,
  );
  const result = await db.execute(sql`
    with counted as (
      select service, sum(count) as entries, coalesce(sum(count) filter (where level >= 'error'), 0) as errors,
        json_build_object(${sql.join(levels, sql`, `)}) as counts
      from ${counts(range)} as counts group by service
    ), last_hour as (
      select service, coalesce(sum(count) filter (where level >= 'error'), 0) as errors,
        coalesce(sum(count) filter (where level = 'warning'), 0) as warnings, sum(count) as entries
      from ${counts("1h")} as counts group by service
    ), judged as (
      select name, first_seen, last_seen, counts, coalesce(counted.entries, 0) as entries, coalesce(counted.errors, 0) as errors,
        case when ${isMore("errors", health.error.errors)} or ${isMoreOften("errors", health.error.error_rate, health)} then 2
          when ${isMore("errors", health.warning.errors)} or ${isMoreOften("errors", health.warning.error_rate, health)}
            or ${isMore("warnings", health.warning.warnings)} or ${isMoreOften("warnings", health.warning.warning_rate, health)} then 1
          else 0 end as severity
      from logs.services as services
      left join counted on counted.service = services.name
      left join last_hour on last_hour.service = services.name
      where position(lower(${search}) in lower(services.name)) > 0
        and ${names === undefined ? sql`true` : sql`services.name = any(${sql.param([...names])}::text[])`}
    ), page as (
      select * from judged order by ${ORDERS[sort]} limit ${limit} offset ${offset}
    )
    select (select count(*)::int from judged) as total, (select count(*)::int from judged where severity > 0) as not_ok,
      coalesce((
        select json_agg(json_build_object('name', name, 'first_seen', first_seen, 'last_seen', last_seen,
          'status', (array['OK', 'Warning', 'Error'])[severity + 1],
          'counts', coalesce(counts, json_build_object(${sql.join(
            LEVELS.map((level) => sql`${level}::text, 0`),
            sql`, `,
          )})))
          order by ${ORDERS[sort]})
        from page), '[]'::json) as page`);
  const [{ total, not_ok: notOk, page }] = z.tuple([rowSchema]).parse(result.rows);
  return { total, notOk, services: page };
}

const OF_LAST_HOUR = { errors: sql`last_hour.errors`, warnings: sql`last_hour.warnings` } as const;

/** A limit that is null is never passed. */
const isMore = (of: keyof typeof OF_LAST_HOUR, most: number | null): SQL =>
  most === null ? sql`false` : sql`${OF_LAST_HOUR[of]} > ${most}::bigint`;

/** By multiplication: nothing is divided by 0, and a rate that is reached exactly is not passed. */
const isMoreOften = (of: keyof typeof OF_LAST_HOUR, most: number | null, { least_entries: least }: Health): SQL =>
  most === null
    ? sql`false`
    : sql`(last_hour.entries >= ${least}::bigint and ${OF_LAST_HOUR[of]} > ${most}::numeric * last_hour.entries)`;
