import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import next from "next";
import { isLoopbackAddress } from "@/core/access/loopback";
import { createFirstAdmin } from "@/core/access/users/create-first-admin";
import { sealWebhookSecrets } from "@/core/alerts/configs/webhook-secret";
import { listDueDeliveries } from "@/core/alerts/delivery/outbox";
import { type Config, ConfigError, readConfig } from "@/core/config";
import { reasonOf } from "@/core/errors";
import { hasPart } from "@/core/instance-role";
import { FollowInstances } from "@/core/jobs/follow-instances";
import { DELIVERY_EVENT, type JobType } from "@/core/jobs/job-types";
import { recordFailedCall } from "@/core/jobs/record-failed-call";
import { LIMITS } from "@/core/limits";
import { createPartitionsAhead } from "@/core/retention/partitions";
import { createRuntime, type Runtime } from "@/core/runtime";
import { NEWER_SCHEMA } from "@/core/schema-watch";
import { checkSecret } from "@/core/secrets/check-secret";
import { loadSecret, UnusableSecret } from "@/core/secrets/load-secret";
import { SealError } from "@/core/secrets/secret-box";
import { checkStore, StoreError } from "@/core/segments/check-store";
import { UnusableFolder } from "@/db/embedded/data-folder";
import { type EmbeddedServer, startEmbeddedServer } from "@/db/embedded/embedded-server";
import { type FolderLock, lockFolder } from "@/db/embedded/folder-lock";
import { knownMigrations, migrateDatabase, UnusableDatabase } from "@/db/migrate";
import { APP_ID } from "@/inngest/app-id";
import { RETRIES } from "@/inngest/functions/retries";
import { startLocalRunner } from "@/inngest/local-runner/local-runner";
import { requestFromInngest } from "@/inngest/request-deliveries";
import { keepPrivate } from "./keep-private";
import { readOptions } from "./options";
import { removeLeftByPrograms } from "./program-scratch";
import { pathOf } from "./server/address-of";
import { door } from "./server/door";
import type { Handler } from "./server/handler";
import { inDataFolder } from "./server/in-data-folder";
import { limitTime } from "./server/limit-time";
import { CONNECTIONS, listen } from "./server/listen";
import { startListeners } from "./server/listeners/listeners";
import { nextSteps } from "./server/next-steps";
import { protect } from "./server/protect";
import { startRowWorker } from "./server/row-worker/start-row-worker";
import { JOBS_PATH, servePart } from "./server/serve-part";
import { orStartError, StartError } from "./server/start-error";
import { starting, unavailable } from "./server/starting";

/** What was accepted gets so long to finish, all of it together; a process manager usually kills after 30 s. */
const FINISH_WITHIN_MS = 17_000;
/** After that, for each to give up in order: 20 s are promised (docs/scaling.md). */
const GIVE_UP_WITHIN_MS = 600;
const JOBS_FINISH_WITHIN_MS = 5_000;

keepPrivate();

const { dev: isDevelopment } = readOptions(
  "npm start --",
  "Starts Cordwood; README.md lists the variables that set it up.",
  {
    dev: { type: "boolean", default: false, about: "with live reload, for work on Cordwood itself (npm run dev)" },
  },
);
/** What has to be ended, last first; each is told how many ms are left for it. */
const closers: ((leftMs: number) => Promise<void>)[] = [];
/** What all of that needs, to be ended after it however long that takes: the embedded PostgreSQL, the lock of its folder. */
const foundations: (() => Promise<void>)[] = [];
/** What is said meanwhile. */
let stopping: string | null = null;

async function start(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.databaseUrl) await lockData(config);
  const server = http.createServer(CONNECTIONS, starting);
  const { port, address } = await listen(server, config);
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = `http://${["0.0.0.0", "[::]"].includes(host) ? "localhost" : host}:${port}`;
  closers.push((leftMs) => closeServer(server, leftMs));

  const connectionString = config.databaseUrl ?? (await startDatabase(config)).connectionString;
  await migrate(config, connectionString);
  const { role } = config;
  // The functions are called at an endpoint of Next.js too.
  const needsNext = hasPart(role, "web") || hasPart(role, "jobs");
  const secret = await inDataFolder(config.dataDir, () => prepareData(config));
  const isOnLoopback = isLoopbackAddress(address);
  const newestMigration = knownMigrations().at(-1) ?? 0;
  const runtime = createRuntime({
    config,
    connectionString,
    url,
    secret,
    isOnLoopback,
    startRowWorker,
    newestMigration,
  });
  process.on("warning", (warning) => runtime.logger.warn({ error: warning }, "a warning of the process"));
  // After the server, which is there already.
  closers.unshift(() => runtime.close());
  // Streams never end by themselves, so they end before the server waits for its requests.
  closers.push(() => runtime.hub.close());
  closers.push(async () => runtime.uploads.close());
  runtime.schema.start(() => {
    runtime.logger.error({}, `Cordwood ends: ${NEWER_SCHEMA}`);
    end(1, `Cordwood is stopping: ${NEWER_SCHEMA}`);
  });
  await checkSealed(runtime);
  await checkSegments(runtime);
  await createPartitionsAhead(runtime);
  if (config.firstAdmin) {
    await createFirstAdmin(runtime, config.firstAdmin);
    runtime.access.noteAccount();
  }

  const handle = needsNext ? await prepareNext(server, config.host, port) : unavailable("there are no pages here");
  const { logger, publicUrl } = runtime;
  const handler = protect(servePart(role, door(runtime, handle)), {
    config,
    access: runtime.access,
    logger,
    publicUrl,
    isDevelopment,
  });
  // From the first moment of a stop on nothing new is begun; the runner still finishes its jobs, which it asks this server for.
  const untilStop: Handler = (request, response) => {
    const handle = stopping === null || pathOf(request) === JOBS_PATH ? handler : unavailable(stopping);
    handle(request, response);
  };
  server.removeAllListeners("request").on("request", limitTime(untilStop, LIMITS.requestMs));
  if (hasPart(role, "jobs")) await startJobs(runtime, `${url}/api/inngest`, connectionString);
  if (hasPart(role, "ingest")) {
    const stopListeners = await startListeners(runtime, say);
    closers.push(stopListeners);
    runtime.newPatterns.start();
  }
  if (stopping) return;
  const steps = hasPart(role, "web") ? await nextSteps(runtime, url, isOnLoopback) : [];
  say([`Cordwood is ready on ${url}`, ...steps].join("\n"));
}

async function prepareNext(server: http.Server, hostname: string, port: number): Promise<Handler> {
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  const application = next({ dev: isDevelopment, hostname, port, httpServer: upgradesOf(server) });
  await application.prepare();
  const handle = application.getRequestHandler();
  return (request, response) => void handle(request, response);
}

/**
 * Where Next.js listens for requests that ask for another protocol. Its own live reload needs them in development. Else it gets a
 * server that never has any: it would leave such connections open, unasked and without limits, and Node.js answers as if they
 * had not asked, which is what RFC 9110 (7.8) wants and clients expect that offer HTTP/2 with every request.
 */
const upgradesOf = (server: http.Server): http.Server => (isDevelopment ? server : http.createServer());

/** @throws StartError when what is sealed in the database can't be opened */
async function checkSealed(runtime: Runtime): Promise<void> {
  try {
    await checkSecret(runtime);
    await sealWebhookSecrets(runtime);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new StartError(
      "The database was used with another secret: set CORDWOOD_SECRET to that one, which is in CORDWOOD_SECRET of the other instances or in the file secret of their data folder.",
    );
  }
}

/**
 * What is not sealed is taken and found without the store, so Cordwood starts without it.
 * @throws StartError when what is sealed is in another store than the one that is set
 */
async function checkSegments(runtime: Runtime): Promise<void> {
  try {
    await checkStore(runtime, true);
  } catch (error) {
    if (error instanceof StoreError) throw new StartError(error.message);
    const { store } = runtime.segments;
    if (store.state.reachable) throw error;
    say(`What is sealed can't be reached in ${store.name}: ${reasonOf(error)}. Cordwood starts without it.`);
  }
}

async function lockData({ dataDir }: Config): Promise<void> {
  const lock: FolderLock | null = await lockFolder(dataDir);
  if (!lock)
    throw new StartError(
      `Another Cordwood is using the data folder ${dataDir}: stop it, or set CORDWOOD_DATA_DIR to another folder.`,
    );
  foundations.push(() => lock.release());
}

/** @throws StartError when the data folder can't be used as it is */
async function startDatabase({ dataDir }: Config): Promise<EmbeddedServer> {
  const report = (event: string) => process.stderr.write(`${event}\n`);
  return orStartError(UnusableFolder, () =>
    // Before it is ready: who stops Cordwood meanwhile must not leave it behind.
    inDataFolder(dataDir, () =>
      startEmbeddedServer(dataDir, report, (stop) => {
        foundations.push(stop);
      }),
    ),
  );
}

/** @returns the secret, which may be in the data folder; what is sealed is written there on its way, too */
async function prepareData({ secret, dataDir }: Config): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await access(dataDir, constants.W_OK);
  removeLeftByPrograms(dataDir);
  return orStartError(UnusableSecret, () => loadSecret(secret, dataDir));
}

async function migrate(config: Config, connectionString: string): Promise<void> {
  try {
    await migrateDatabase(connectionString, { distribute: config.distribute });
  } catch (error) {
    if (error instanceof UnusableDatabase) throw new StartError(error.message);
    if (!config.databaseUrl) throw error;
    const reason =
      error instanceof Error ? error.message || String("code" in error ? error.code : error) : String(error);
    throw new StartError(`The database that DATABASE_URL names can't be used: ${reason.split("\n")[0]}.`);
  }
}

async function startJobs(runtime: Runtime, endpoint: string, connectionString: string): Promise<void> {
  startFunctions(runtime, endpoint);
  runtime.queryJudge.start();
  runtime.sealSoon.start();
  if (!hasPart(runtime.config.role, "ingest")) {
    const follow = new FollowInstances(runtime, connectionString);
    follow.start();
    closers.push(() => follow.stop());
  }
  // What the last process did not send; check-thresholds may have run for this minute already.
  runtime.outbox.request(await listDueDeliveries(runtime));
}

/** With an Inngest server that server calls the functions, else the embedded runner does. */
function startFunctions(runtime: Runtime, endpoint: string): void {
  const { config, runnerToken, logger, outbox } = runtime;
  if (config.inngestServer) {
    outbox.handler = requestFromInngest(runtime);
    return;
  }
  const failed = (jobType: JobType, at: Date, error: unknown) => recordFailedCall(runtime, jobType, at, error);
  const runner = startLocalRunner({ endpoint, token: runnerToken, appId: APP_ID, retries: RETRIES, logger, failed });
  outbox.handler = (deliveryIds, at = new Date()) => {
    for (const deliveryId of deliveryIds) {
      // Instances tell of the same deliveries, as long as they are due.
      runner.send("deliver-alert", { name: DELIVERY_EVENT, data: { deliveryId }, ts: at.getTime() }, deliveryId);
    }
  };
  closers.push((leftMs) => runner.stop(Math.min(JOBS_FINISH_WITHIN_MS, leftMs)));
}

/** No new connections, and no new requests on those that are open; requests under way are answered. */
async function closeServer(server: http.Server, leftMs: number): Promise<void> {
  server.removeAllListeners("request").on("request", unavailable(stopping ?? "Cordwood is stopping"));
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await Promise.race([closed, sleep(leftMs)]);
  clearInterval(idle);
  server.closeAllConnections();
}

/**
 * Undoes what was started, in reverse: jobs, server, what waits to be committed, database, lock. A database that does not answer
 * holds any of it without an end; what is not committed when the time is over was not acknowledged either.
 */
async function stop(code: number, why = "Cordwood is stopping"): Promise<never> {
  stopping = why;
  const until = performance.now() + FINISH_WITHIN_MS;
  const failed = (error: unknown) => void process.stderr.write(`${error}\n`);
  // One by one: a start that was under way may still add what it has just begun.
  for (let close = closers.pop(); close; close = closers.pop()) {
    const leftMs = Math.max(Math.ceil(until - performance.now()), 0);
    await Promise.race([close(leftMs).catch(failed), sleep(leftMs + GIVE_UP_WITHIN_MS)]);
  }
  for (let close = foundations.pop(); close; close = foundations.pop()) await close().catch(failed);
  process.exit(code);
}

/** Unless it ends already. */
function end(code: number, why?: string): void {
  if (stopping === null) void stop(code, why);
}

function say(what: string): void {
  console.log(what);
}

// Who read them has gone, as in `npm start | head`. Next.js tells of an error that nobody handles by writing to them, and so on for ever.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => end(0));
}

start().catch((error: unknown) => {
  // What fails because what it needs has been closed.
  if (stopping) return;
  const expected = error instanceof StartError || error instanceof ConfigError;
  console.error(expected ? error.message : error);
  void stop(1);
});
