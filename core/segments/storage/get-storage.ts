import { sql } from "drizzle-orm";
import { z } from "zod";
import { addMs, DAY_MS, floorTo } from "@/core/clock";
import type { Context, Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { isoOfMicros } from "@/core/micros";
import { cutoffOfEntry, daysOfEntry } from "@/core/retention/cutoff-of-entry";
import { cutoffOf, type RetentionPlan } from "@/core/retention/retention-plan";
import { readStorageState } from "@/core/retention/storage-state";
import type { Settings } from "@/core/settings/settings";
import { countsWithin } from "@/core/stats/rollups";
import { SEGMENT_PROBLEMS } from "@/db/schema/segments";
import { countProblems } from "../count-problems";
import type { Segments } from "../segments";
import { listStoredDays } from "./list-stored-days";
import { freeBytesAt, type KeptShare, MEASURED_DAYS, roomOf } from "./room";
import type { Storage, StoredService } from "./schemas";

/** Which part of each list is wanted. */
export type StoragePage = { limit: number; daysOffset: number; servicesOffset: number };

type StorageContext = Context & { segments: Segments; settings: Pick<Settings, "retentionPlan" | "maxDiskBytes"> };

/** What is stored, where, and how long there is room for it. */
export async function getStorage(context: StorageContext, page: StoragePage): Promise<Storage> {
  const { db, clock, segments, settings } = context;
  const now = clock.now();
  const [plan, maxBytes] = await Promise.all([settings.retentionPlan(), settings.maxDiskBytes()]);
  const [days, sizes, sealing, problems, counts, services, kept, freeBytes] = await Promise.all([
    listStoredDays(context),
    readSizes(db),
    readSealing(db),
    listProblems(db),
    countProblems(context),
    listServices(context, plan, page),
    readKept(context, plan),
    segments.store.isRemote ? null : freeBytesAt(segments.store.localFolder),
  ]);
  const sum = (of: (day: Storage["days"]["rows"][number]) => number) => days.reduce((total, day) => total + of(day), 0);
  const entries = sum((day) => day.entries);
  const sealedEntries = sum((day) => day.sealed_entries);
  const { state } = segments.store;
  const { hot_bytes, other_bytes, ...sealed } = sizes;
  return {
    store: {
      name: segments.store.name,
      reachable: state.reachable,
      reason: state.reachable ? null : state.reason,
      since: state.reachable ? null : state.since.toISOString(),
    },
    entries,
    oldest_day: days.at(-1)?.day ?? null,
    hot: { entries: entries - sealedEntries, bytes: hot_bytes, most_entries: LIMITS.hotEntries },
    sealed: { ...sealed, entries: sealedEntries },
    other_bytes,
    room: roomOf(
      {
        days,
        sealedBytes: sealed.bytes,
        storedBytes: sealed.bytes + hot_bytes + other_bytes,
        hotBytes: hot_bytes,
        retentionDays: plan.days,
        kept,
        maxBytes,
        freeBytes,
      },
      now,
    ),
    sealing,
    problems: { ...counts, segments: problems },
    days: { total: days.length, rows: days.slice(page.daysOffset, page.daysOffset + page.limit) },
    services: {
      total: services.total,
      rows: services.rows,
    },
  };
}

const sizesSchema = z.object({
  hot_bytes: z.number(),
  other_bytes: z.number(),
  segments: z.number(),
  bytes: z.number(),
  text_bytes: z.number(),
  text_segment_bytes: z.number(),
});

async function readSizes(db: Executor): Promise<z.infer<typeof sizesSchema>> {
  const result = await db.execute(sql`
    with tables as (
      select pg_total_relation_size(oid) as size, oid in (select relid from pg_partition_tree('logs.logs')) as is_hot
      from pg_class where relnamespace = 'logs'::regnamespace and relkind = 'r')
    select (select coalesce(sum(size), 0)::float8 from tables where is_hot) + logs.distributed_bytes() as hot_bytes,
      (select coalesce(sum(size), 0)::float8 from tables where not is_hot) as other_bytes,
      count(*)::int as segments, coalesce(sum(bytes), 0)::float8 as bytes, coalesce(sum(text_bytes), 0)::float8 as text_bytes,
      coalesce(sum(bytes) filter (where text_bytes is not null), 0)::float8 as text_segment_bytes
    from logs.segments`);
  return z.tuple([sizesSchema]).parse(result.rows)[0];
}

const moment = z.coerce
  .date()
  .nullable()
  .transform((time) => time?.toISOString() ?? null);

const runsSchema = z.object({
  running_since: moment,
  succeeded_at: moment,
  failed_at: moment,
  error: z.string().nullable(),
});

async function readSealing(db: Executor): Promise<Storage["sealing"]> {
  const result = await db.execute(sql`
    with runs as (
      select status, started_at, completed_at, error_message from logs.job_executions
      where job_type = 'seal-segments' order by scheduled_for desc limit 1000),
    success as (select max(completed_at) as at from runs where status = 'success'),
    failure as (
      select completed_at as at, error_message from runs where status = 'failed' and completed_at is not null
      order by completed_at desc limit 1)
    select (select max(started_at) from runs where status = 'running') as running_since, success.at as succeeded_at,
      failure.at as failed_at, failure.error_message as error
    from success left join failure on success.at is null or failure.at > success.at`);
  return z.tuple([runsSchema]).parse(result.rows)[0];
}

const problemSchema = z.object({
  path: z.string(),
  firstMicros: z.coerce.number(),
  lastMicros: z.coerce.number(),
  entries: z.number(),
  problem: z.enum(SEGMENT_PROBLEMS),
  found_at: z.coerce.date().transform((time) => time.toISOString()),
});

async function listProblems(db: Executor): Promise<Storage["problems"]["segments"]> {
  const result = await db.execute(sql`
    select path, rows - hidden_rows as entries, problem, checked_at as found_at,
      (extract(epoch from first_timestamp) * 1000000)::bigint as "firstMicros",
      (extract(epoch from last_timestamp) * 1000000)::bigint as "lastMicros"
    from logs.segment_checks join logs.segments on id = segment
    where problem is not null order by last_timestamp desc, id limit ${LIMITS.missingSegments}`);
  return z
    .array(problemSchema)
    .parse(result.rows)
    .map(({ firstMicros, lastMicros, ...of }) => ({
      ...of,
      from: isoOfMicros(firstMicros),
      to: isoOfMicros(lastMicros),
    }));
}

const servicesSchema = z.object({
  total: z.number(),
  rows: z.array(z.object({ service: z.string(), entries: z.number(), share: z.number() })),
});

/** Where retention and its rules end: what was made longer has some of it gone already, which nothing tells by service. */
async function listServices(
  { db, clock }: Context,
  plan: RetentionPlan,
  { limit, servicesOffset }: StoragePage,
): Promise<{ total: number; rows: StoredService[] }> {
  const now = clock.now();
  const removed = (await readStorageState({ db }))?.removed;
  const window = { from: cutoffOf(now, plan.longestDays), to: addMs(now, LIMITS.futureMs + DAY_MS) };
  const counts = countsWithin({
    window,
    coarsest: "day",
    ...(removed ? { rolledUpFrom: new Date(removed.before) } : {}),
  });
  const counted = sql`
    select service, sum(count)::float8 as entries from ${counts} as counts
    where bucket >= ${cutoffOfEntry(plan, now)} group by service having sum(count) > 0`;
  const result = await db.execute(sql`
    with counted as materialized (${counted}),
    page as (
      select service, entries, entries / sum(entries) over () as share from counted
      order by entries desc, service limit ${limit} offset ${servicesOffset}
    )
    select (select count(*)::int from counted) as total,
      (select coalesce(json_agg(page order by entries desc, service), '[]') from page) as rows`);
  return z.tuple([servicesSchema]).parse(result.rows)[0];
}

const keptSchema = z.array(z.object({ days: z.number(), share: z.number() }));

/** How long what came on the latest days is kept, of which nothing has expired; as what no rule names, when nothing came. */
async function readKept({ db, clock }: Context, plan: RetentionPlan): Promise<KeptShare[]> {
  const to = floorTo(clock.now(), DAY_MS);
  const window = { from: addMs(to, -Math.min(MEASURED_DAYS, plan.shortestDays) * DAY_MS), to };
  const result = await db.execute(sql`
    select days, sum(count)::float8 / sum(sum(count)::float8) over () as share
    from (select ${daysOfEntry(plan)} as days, count from ${countsWithin({ window, coarsest: "day" })} as counts) as kept
    group by days having sum(count) > 0`);
  const kept = keptSchema.parse(result.rows);
  return kept.length > 0 ? kept : [{ days: plan.days, share: 1 }];
}
