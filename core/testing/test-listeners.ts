import { sql } from "drizzle-orm";
import { readConfig } from "@/core/config";
import { createLogger } from "@/core/logger";
import { createMetrics } from "@/core/metrics";
import { accessOf } from "./test-access";
import { ingestOf, type TestDatabase } from "./test-database";

type Options = { environment?: Record<string, string>; isOnLoopback?: boolean };

/** What a listener needs of the process, on a test's database and clock. */
export function listenerContextOf(context: TestDatabase, { environment = {}, isOnLoopback = true }: Options = {}) {
  const ingest = ingestOf(context);
  const metrics = createMetrics({
    pending: () => ingest.pending,
    waiting: () => ({ search: 0, sealed: 0, stats: 0, export: 0 }),
    panelComputations: () => 0,
    watching: () => ({ stream: 0, tail: 0 }),
    failingJobs: async () => [],
    lateJobs: async () => [],
    storeReachable: () => true,
    segmentProblems: async () => ({ missing: 0, damaged: 0 }),
    stoppedAlerts: async () => 0,
    hasRoom: async () => true,
    redisReachable: () => null,
    services: async () => 0,
    storage: async () => null,
  });
  const access = accessOf(context, { environment, isOnLoopback });
  return {
    access,
    clock: context.clock,
    config: readConfig(environment),
    ingest,
    logger: createLogger("silent"),
    metrics,
  };
}

/** The value of a metric, such as `cordwood_listener_dropped_total{listener="syslog_udp",reason="full"}`; 0 when it isn't there. */
export async function metricOf({ metrics }: ReturnType<typeof listenerContextOf>, name: string): Promise<number> {
  const line = (await metrics.registry.metrics()).split("\n").find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length) ?? 0);
}

type StoredEntry = { message: string; service: string; level: string; attributes: Record<string, unknown> | null };

/** Everything that is stored, by message. */
export async function storedEntries({ db }: TestDatabase): Promise<StoredEntry[]> {
  const { rows } = await db.execute<StoredEntry>(
    sql`select message, service, level, attributes from logs.logs order by message`,
  );
  return rows;
}
