import { sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { findServiceNames, isSeen } from "./find-service-names";
import { getDashboardStats } from "./get-dashboard-stats";
import { getOverview } from "./get-overview";
import { getServiceHealth } from "./get-service-health";
import { listServices } from "./list-services";
import { rankServices } from "./rank-services";

const NOW = "2026-05-04T12:00:30.000Z";
const context = testDatabase(NOW);

const SERVICES = 20_000;

/**
 * `pod-00001` to `pod-20000` with one info each in the last hour, silent ones aside: `pod-00007` has 60 errors, `pod-00008` 20 errors
 * and 1,000 infos, `pod-00009` 60 warnings; those above 19,000 have nothing.
 */
beforeAll(async () => {
  await context.db.execute(sql`
    insert into logs.services (name, first_seen, last_seen)
    select 'pod-' || lpad(n::text, 5, '0'), timestamptz '2026-05-04 11:30Z', timestamptz '2026-05-04 11:59Z'
    from generate_series(1, ${SERVICES}::int) as n`);
  await context.db.execute(sql`
    insert into logs.stats_minute (bucket, service, level, count)
    select timestamptz '2026-05-04 11:30Z', 'pod-' || lpad(n::text, 5, '0'), 'info', case when n = 8 then 1000 else 1 end
    from generate_series(1, 19000) as n
    union all values
      (timestamptz '2026-05-04 11:31Z', 'pod-00007', 'error'::logs.level, 60),
      (timestamptz '2026-05-04 11:31Z', 'pod-00008', 'error'::logs.level, 15),
      (timestamptz '2026-05-04 11:32Z', 'pod-00008', 'fatal'::logs.level, 5),
      (timestamptz '2026-05-04 11:31Z', 'pod-00009', 'warning'::logs.level, 60)`);
  await context.db.execute(sql`analyze logs.services, logs.stats_minute`);
});

const names = (list: { services: readonly { service: string }[] }) => list.services.map(({ service }) => service);

describe("given 20,000 services", () => {
  test("when the first page is asked for, then it has what needs attention first, and the count of all", async () => {
    const list = await listServices(context, { range: "1h", sort: "attention", limit: 5 });

    expect(list).toMatchObject({ total: SERVICES, not_ok: 3 });
    expect(list.services.map(({ service, status }) => [service, status])).toEqual([
      ["pod-00007", "Error"],
      ["pod-00008", "Warning"],
      ["pod-00009", "Warning"],
      ["pod-00001", "OK"],
      ["pod-00002", "OK"],
    ]);
    expect(list.services[1]).toMatchObject({
      count_by_level: { info: 1000, error: 15, fatal: 5, warning: 0 },
      total_count: 1020,
      error_rate: 20 / 1020,
      last_seen: "2026-05-04T11:59:00.000Z",
    });
    // Its bars add up to what is counted, an hour in bars of a minute.
    expect(list.services[1]?.totals).toHaveLength(61);
    expect(list.services[1]?.totals.reduce((sum, count) => sum + count, 0)).toBe(1020);
    expect(list.services[1]?.errors.reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  test.each([
    ["errors", ["pod-00007", "pod-00008", "pod-00009"]],
    ["volume", ["pod-00008", "pod-00007", "pod-00009"]],
    ["name", ["pod-00001", "pod-00002", "pod-00003"]],
  ] as const)("when they are sorted by %s, then they come so", async (sort, expected) => {
    expect(names(await listServices(context, { range: "1h", sort, limit: 3 }))).toEqual(expected);
  });

  test("when somebody searches and pages, then the counts are of what matches, and a page past the end says them too", async () => {
    const found = await listServices(context, { range: "1h", sort: "name", search: "POD-1999", limit: 3, offset: 3 });
    const past = await listServices(context, { range: "1h", sort: "name", search: "pod-1999", limit: 3, offset: 90 });

    expect(found.total).toBe(10);
    expect(names(found)).toEqual(["pod-19993", "pod-19994", "pod-19995"]);
    expect(past).toEqual({ total: 10, not_ok: 0, services: [] });
  });

  test("when one is searched by what SQL takes for a pattern, then it is text", async () => {
    expect(await rankServices(context, { range: "1h", sort: "name", search: "pod-_000%", limit: 3 })).toMatchObject({
      total: 0,
    });
  });

  test("when the Overview is asked for, then it is bounded, whole in its figures, and says that there are many", async () => {
    const overview = await getOverview(context, "1h");

    expect(overview).toMatchObject({ total: SERVICES, not_ok: 3, has_many_services: true });
    expect(overview.services).toHaveLength(LIMITS.listPage);
    expect(overview.trend.buckets.reduce((sum, { total_count }) => sum + total_count, 0)).toBe(19_000 + 999 + 140);
    expect(Buffer.byteLength(JSON.stringify(overview))).toBeLessThan(100_000);
  });

  test("when the dashboard's old answers are asked for, then they have so many as they say, and the count of all", async () => {
    const stats = await getDashboardStats(context);
    const { health, total } = await getServiceHealth(context, { search: "pod-0000", limit: 4 });

    expect(stats.service_count).toBe(SERVICES);
    expect(Object.keys(stats.service_stats)).toHaveLength(LIMITS.listedServices);
    expect(Object.keys(stats.service_health)).toEqual(Object.keys(stats.service_stats));
    expect(stats.service_health["pod-00007"]).toMatchObject({ status: "Error", error_count: 60 });
    expect(Object.keys(health)).toEqual(["pod-00007", "pod-00008", "pod-00009", "pod-00001"]);
    expect(total).toBe(9);
  });

  test("when a name is typed, then those that begin so come first, few, with the count of all", async () => {
    await context.db.execute(sql`
      insert into logs.services (name, first_seen, last_seen) values ('0001-front', now(), now()) on conflict do nothing`);

    const found = await findServiceNames(context.db, { search: "0001", limit: 3 });
    await context.db.execute(sql`delete from logs.services where name = '0001-front'`);

    // pod-00001, pod-00010 to pod-00019, pod-10001 and pod-20001, which there is none; and the one that begins so.
    expect(found).toEqual({ total: 13, names: ["0001-front", "pod-00001", "pod-00010"] });
    expect(await isSeen(context.db, "pod-00001")).toBe(true);
    expect(await isSeen(context.db, "pod")).toBe(false);
  });
});
