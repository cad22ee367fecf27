import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Worker } from "node:worker_threads";
import type pg from "pg";
import { countStoppedAlerts } from "@/core/alerts/queries/count-stopped-alerts";
import { getFailingJobs } from "@/core/jobs/get-failing-jobs";
import { getLateJobs, processBegan } from "@/core/jobs/get-late-jobs";
import { createPool, type Database, databaseOf } from "@/db/client";
import { Access } from "./access/access";
import { announceNewPatterns } from "./alerts/announce-new-patterns";
import { DeliveryQueue } from "./alerts/delivery/outbox";
import type { WebhookPolicy } from "./alerts/delivery/webhook-policy";
import { createQueryJudge } from "./alerts/queries/query-judge";
import { type Clock, systemClock } from "./clock";
import type { Config } from "./config";
import { DatabaseRoom } from "./ingest/database-room";
import { Ingest } from "./ingest/ingest";
import { Uploads } from "./ingest/uploads";
import { RowWorkers } from "./ingest/workers/row-workers";
import { runJob } from "./jobs/run-job";
import { LIMITS } from "./limits";
import { createLogger, type Logger } from "./logger";
import { createMailer, type Mailer } from "./mail/mailer";
import { createMetrics, type Metrics } from "./metrics";
import { Pulse } from "./pulse";
import { type Purpose, type Readiness, readReadiness } from "./readiness";
import { Hub } from "./realtime/hub";
import { RecentRows } from "./realtime/recent-rows";
import { readStorageState } from "./retention/storage-state";
import { SchemaWatch } from "./schema-watch";
import { SecretBox } from "./secrets/secret-box";
import { countProblems } from "./segments/count-problems";
import { sealSegments } from "./segments/seal-segments";
import { SealSoon } from "./segments/seal-soon";
import { createSegments, createTurns, type ReadTurns, type Segments } from "./segments/segments";
import { Settings } from "./settings/settings";
import { SharedAnswer } from "./shared-answer";
import { findServiceNames } from "./stats/find-service-names";

/** What the process has once: made at start, reached by every route and page. */
export type Runtime = {
  config: Config;
  clock: Clock;
  logger: Logger;
  pool: pg.Pool;
  db: Database;
  settings: Settings;
  ingest: Ingest;
  /** Whether the database has room for entries. */
  room: DatabaseRoom;
  /** Whether it is ready for what, for probes. */
  readiness: Record<Purpose, SharedAnswer<Readiness>>;
  /** Whether a newer version has been at the database; begins to look when it is started. */
  schema: SchemaWatch;
  uploads: Uploads;
  metrics: Metrics;
  /** What is sealed. */
  segments: Segments;
  turns: ReadTurns;
  hub: Hub;
  outbox: DeliveryQueue;
  /** Announces new patterns when ingest has seen some; begins when it is started. */
  newPatterns: Pulse;
  /** Judges alerts on queries, again and again; begins when it is started. */
  queryJudge: Pulse;
  /** Seals when many entries have come; begins when it is started. */
  sealSoon: SealSoon;
  access: Access;
  /** For what is stored and nobody may read there. */
  secrets: SecretBox;
  /** Null without SMTP_URL. */
  mailer: Mailer | null;
  webhookPolicy: WebhookPolicy;
  /** For links in messages, without a slash at its end. */
  publicUrl: string;
  /** The URL of the address that the server listens on. */
  listensOn: string;
  /** By which the functions' endpoint knows the embedded runner. */
  runnerToken: string;
  close(): Promise<void>;
};

/** Comparing many patterns costs a tenth of a second, which ingest should not pay all the time. */
const NEW_PATTERNS_REST_MS = 2_000;

/** One for each of its transactions, and two for what it asks beside them: it never waits for who reads. */
const INGEST_CONNECTIONS = LIMITS.writers + LIMITS.streamedRequests + 2;

declare global {
  var cordwoodRuntime: Runtime | undefined;
}

type RuntimeParts = {
  config: Config;
  connectionString: string;
  /** That the server listens on. */
  url: string;
  /** Of which every key is derived. */
  secret: string;
  isOnLoopback: boolean;
  /** Null: the rows of large bodies are made where everything else is done. */
  startRowWorker: (() => Worker) | null;
  /** The time of the last that this version has. */
  newestMigration: number;
  clock?: Clock;
};

/**
 * Makes the runtime of this process. It is kept on globalThis because the server and each bundle of a route evaluate this
 * module for themselves.
 */
export function createRuntime({
  config,
  connectionString,
  url,
  secret,
  isOnLoopback,
  startRowWorker,
  newestMigration,
  clock = systemClock,
}: RuntimeParts): Runtime {
  const logger = createLogger(config.logLevel);
  const lost = (error: Error) => logger.warn({ error }, "lost a connection to PostgreSQL");
  const pool = createPool(connectionString, lost);
  const ingestPool = createPool(connectionString, lost, INGEST_CONNECTIONS);
  const db = databaseOf(pool);
  const outbox = new DeliveryQueue();
  const newPatterns = new Pulse(
    async () => {
      await announceNewPatterns({ db, clock, outbox });
      return NEW_PATTERNS_REST_MS;
    },
    (error) => logger.warn({ error }, "new patterns could not be looked at; trying again"),
  );
  const sealSoon = new SealSoon(
    async (pace) => {
      const { status } = await runJob({ db, clock }, "seal-segments", clock.now(), async () =>
        sealSegments(getRuntime(), await settings.maxDiskBytes(), pace),
      );
      return status === "success";
    },
    (error) => logger.warn({ error }, "what is old could not be sealed; trying again"),
  );
  const recent = new RecentRows();
  const room = new DatabaseRoom(db);
  const settings = new Settings({ db, clock, logger }, config);
  const rowWorkers =
    startRowWorker &&
    new RowWorkers(startRowWorker, Math.max(availableParallelism() - 1, 1), (error) =>
      logger.error({ error }, "a thread that makes rows of entries has ended; another one takes its place"),
    );
  const ingest = new Ingest(
    { pool: ingestPool, db: databaseOf(ingestPool), clock, outbox, newPatterns, recent, room, sealSoon },
    settings,
    rowWorkers,
  );
  const mailer = config.smtpUrl === null ? null : createMailer(config.smtpUrl, config.mailFrom);
  const publicUrl = config.publicUrl ?? url;
  const segments = createSegments({
    ...config.segments,
    scratch: path.join(config.dataDir, "scratch"),
    memoryBytes: config.segmentMemoryBytes,
    clock,
    stateChanged: (state) =>
      state.reachable
        ? logger.info({}, "the store of what is sealed can be reached again")
        : logger.error({ reason: state.reason }, "the store of what is sealed can't be reached"),
  });
  const turns = createTurns();
  const queryJudge = createQueryJudge({ db, clock, outbox, recent, segments, turns, logger, settings });
  const hub = new Hub({ db, clock, logger, recent, segments, turns, settings }, connectionString);
  const runtime: Runtime = {
    config,
    clock,
    logger,
    pool,
    db,
    settings,
    ingest,
    room,
    readiness: {
      entries: new SharedAnswer(() => readReadiness(runtime, "entries"), LIMITS.readinessMs, LIMITS.readinessWithinMs),
      reading: new SharedAnswer(() => readReadiness(runtime, "reading"), LIMITS.readinessMs, LIMITS.readinessWithinMs),
    },
    schema: new SchemaWatch(db, logger, newestMigration),
    uploads: new Uploads(),
    metrics: createMetrics({
      pending: () => ingest.pending,
      waiting: () => ({
        search: turns.quick.waiting + turns.long.waiting,
        sealed: segments.duck.turns.waiting,
        stats: turns.stats.waiting + turns.counts.waiting,
        export: turns.exports.waiting,
      }),
      watching: () => hub.watching,
      panelComputations: () => hub.panelComputations,
      redisReachable: () => runtime.access.limits.shared?.isReachable ?? null,
      hasRoom: async () => !(await room.isFull()),
      services: async () => (await findServiceNames(db, { search: "", limit: 0 })).total,
      storage: () => readStorageState({ db }),
      failingJobs: async () => (await getFailingJobs({ db })).map(({ job_type }) => job_type),
      lateJobs: async () => (await getLateJobs({ db, clock }, processBegan({ clock }))).map(({ job_type }) => job_type),
      storeReachable: () => segments.store.state.reachable,
      segmentProblems: () => countProblems({ db }),
      stoppedAlerts: () => countStoppedAlerts({ db }),
    }),
    segments,
    turns,
    hub,
    outbox,
    newPatterns,
    queryJudge,
    sealSoon,
    mailer,
    webhookPolicy: config.webhookPolicy,
    publicUrl,
    listensOn: url,
    access: new Access({ db, pool, clock, logger, config, secret, publicUrl, mailer, isOnLoopback }),
    secrets: new SecretBox(secret),
    runnerToken: randomBytes(24).toString("hex"),
    async close() {
      runtime.schema.stop();
      await runtime.ingest.drained();
      await rowWorkers?.close();
      newPatterns.stop();
      queryJudge.stop();
      sealSoon.stop();
      segments.duck.close();
      runtime.access.limits.shared?.close();
      await Promise.all([ingestPool.end(), pool.end()]);
      runtime.mailer?.transport.close();
    },
  };
  globalThis.cordwoodRuntime = runtime;
  return runtime;
}

/** @throws Error when the process was started by something else than Cordwood's own server */
export function getRuntime(): Runtime {
  const runtime = globalThis.cordwoodRuntime;
  if (!runtime) throw new Error("Cordwood's runtime is missing: start the server by `npm start` or `npm run dev`.");
  return runtime;
}
