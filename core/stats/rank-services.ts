import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Context } from "@/core/context";
import { LEVELS } from "@/core/levels";
import { HEALTH_LIMITS } from "./level-counts";
import { countsWithin, ENTRY_COUNTS } from "./rollups";
import { HEALTH_STATUSES, type ServiceOrder } from "./schemas";
import { type TimeRange, windowOf } from "./time-range";

export type ServicesAsked = {
  /** Of the counts; health is of the last hour whatever the range. */
  range: TimeRange;
  /** Part of the name, in any case of letters. */
  search?: string;
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
export async function rankServices({ db, clock }: Context, asked: ServicesAsked): Promise<RankedServices> {
  const { range, search = "", sort, limit, offset = 0 } = asked;
  const now = clock.now();
  const counts = (of: TimeRange) => countsWithin(ENTRY_COUNTS, { window: windowOf(of, now), coarsest: "day" });
  const { errorsOfError, errorsOfWarning, warningsOfWarning } = HEALTH_LIMITS;
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
        coalesce(sum(count) filter (where level = 'warning'), 0) as warnings
      from ${counts("1h")} as counts where level >= 'warning' group by service
    ), judged as (
      select name, first_seen, last_seen, counts, coalesce(entries, 0) as entries, coalesce(counted.errors, 0) as errors,
        case when last_hour.errors > ${errorsOfError}::int then 2
          when last_hour.errors > ${errorsOfWarning}::int or last_hour.warnings > ${warningsOfWarning}::int then 1
          else 0 end as severity
      from logs.services as services
      left join counted on counted.service = services.name
      left join last_hour on last_hour.service = services.name
      where position(lower(${search}) in lower(services.name)) > 0
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
