import { randomBytes } from "node:crypto";
import type pg from "pg";
import { createPool, type Database, databaseOf } from "@/db/client";
import { type Clock, systemClock } from "./clock";
import type { Config } from "./config";
import { Ingest } from "./ingest/ingest";
import { createLogger, type Logger } from "./logger";
import { createMetrics, type Metrics } from "./metrics";

/** What the process has once: made at start, reached by every route and page. */
export type Runtime = {
  config: Config;
  clock: Clock;
  logger: Logger;
  pool: pg.Pool;
  db: Database;
  ingest: Ingest;
  metrics: Metrics;
  /** By which the functions' endpoint knows the embedded runner. */
  runnerToken: string;
  close(): Promise<void>;
};

declare global {
  var cordwoodRuntime: Runtime | undefined;
}

/**
 * Makes the runtime of this process. It is kept on globalThis because the server and each bundle of a route evaluate this
 * module for themselves.
 */
export function createRuntime(config: Config, connectionString: string, clock: Clock = systemClock): Runtime {
  const logger = createLogger(config.logLevel);
  const pool = createPool(connectionString, (error) =>
    logger.warn({ error: error.message }, "lost a connection to PostgreSQL"),
  );
  const db = databaseOf(pool);
  const ingest = new Ingest({ pool, db, clock }, config.retentionDays);
  const runtime: Runtime = {
    config,
    clock,
    logger,
    pool,
    db,
    ingest,
    metrics: createMetrics(() => ingest.pending),
    runnerToken: randomBytes(24).toString("hex"),
    async close() {
      await runtime.ingest.drained();
      await pool.end();
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
