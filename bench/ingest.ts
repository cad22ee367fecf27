import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { LIMITS } from "@/core/limits";
import { TestServer } from "@/e2e/server";
import { copyFile, hasPsql } from "./copy-file";
import { SERVICES } from "./generate-lines";
import { generateLines, inRequests, LINES_PER_REQUEST, toBody, toCopyRows } from "./lines";
import { peakMemory, resetPeakMemory } from "./process-memory";
import { processorSeconds } from "./process-time";
import { BARS, type Wire } from "./protocols/wire";
import { wiresOf } from "./protocols/wires";
import { OWN_NDJSON, sendBodies } from "./send-bodies";
import { sendMessages } from "./send-messages";
import { median, timed } from "./statistics";

const values = readOptions(
  "npm run bench:ingest --",
  "How fast entries are taken by HTTP, beside a \\copy of the same.",
  {
    lines: { type: "string", default: "1000000", value: "N", about: "lines of each measurement" },
    rounds: { type: "string", default: "3", value: "N", about: "rounds of all measurements" },
    connections: { type: "string", default: "8", value: "N", about: "connections that send" },
    cores: {
      type: "string",
      value: "N",
      about: "cores that the server and PostgreSQL may use, by taskset of Linux (default all)",
    },
    alerts: {
      type: "string",
      default: "0",
      value: "N",
      about: "alert configurations, with which HTTP is measured once more",
    },
    keys: { type: "boolean", default: false, about: "measure once more with an API key in every request" },
    protocol: {
      type: "string",
      value: "NAME",
      about: "measure each form of a protocol too, such as loki or otlp, or of all, beside NDJSON",
    },
    masking: { type: "boolean", default: false, about: "measure once more with everything masked that can be" },
  },
);
const lines = Number(values.lines);
const rounds = Number(values.rounds);
const connections = Number(values.connections);
const cores = values.cores === undefined ? undefined : Number(values.cores);
const alerts = Number(values.alerts);
const wires = values.protocol === undefined ? [] : wiresOf(values.protocol);

const SEALED_LOOK_MS = 500;
/** The lines' times are spread over so long before now. */
const SPAN_MS = 50 * 60_000;
const MIB = 1024 * 1024;
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
const perSecond = (ms: number) => `${Math.round(lines / (ms / 1000)).toLocaleString("en")} lines/s`;

const DEADLOCK = "40P01";

/**
 * Empties what ingest fills, and gives both sides the same start: nothing dirty in PostgreSQL's memory. The job that makes indexes
 * may hold what this waits for, and the other way round; PostgreSQL then ends one of both.
 */
async function reset(pool: pg.Pool): Promise<void> {
  try {
    await pool.query(
      "truncate logs.logs, logs.stats_minute, logs.services, logs.patterns, logs.pattern_minute, logs.stats_stale, logs.alert_configs, logs.alert_thresholds, logs.alert_violations, logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries, logs.segments, logs.ingest_requests cascade",
    );
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== DEADLOCK) throw error;
    return reset(pool);
  }
  await pool.query("checkpoint");
}

/** @throws Error when not every line is stored and counted */
async function check(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ stored: string; counted: string }>(
    "select (select count(*) from logs.logs) + (select coalesce(sum(rows), 0) from logs.segments) as stored, (select sum(count) from logs.stats_minute) as counted",
  );
  const [result] = rows;
  if (Number(result?.stored) !== lines || Number(result?.counted) !== lines) {
    throw new Error(`of ${lines} lines ${result?.stored} are stored and ${result?.counted} counted`);
  }
}

/** Watches every service of the lines, with thresholds that a few minutes cross, and many that send nothing. */
async function configureAlerts(url: string, pool: pg.Pool): Promise<void> {
  for (let index = 0; index < alerts; index++) {
    const service = SERVICES[index] ?? `silent-${index}`;
    const body = JSON.stringify({ service, error_threshold_per_min: 85, warning_threshold_per_min: 140 });
    const response = await fetch(`${url}/api/logs/alerts/config`, { method: "POST", body });
    if (response.status !== 201) throw new Error(`the configuration was answered ${response.status}`);
  }
  // The lines are of the last hour, and thresholds hold from when they were made.
  await pool.query("update logs.alert_thresholds set valid_from = valid_from - interval '1 day'");
}

/** @returns a key that may ingest */
async function createKey(url: string): Promise<string> {
  const body = JSON.stringify({ name: "bench", scopes: ["ingest"] });
  const response = await fetch(`${url}/api/access/keys`, { method: "POST", body });
  if (response.status !== 201) throw new Error(`the key was answered ${response.status}`);
  return z.object({ data: z.object({ key: z.string() }) }).parse(await response.json()).data.key;
}

/** @param isOn whether e-mail addresses, cards and tokens are masked; holds at once, as it is set by the instance that ingests */
async function setMasking(url: string, isOn: boolean): Promise<void> {
  const body = JSON.stringify({ emails: isOn, cards: isOn, tokens: isOn });
  const response = await fetch(`${url}/api/settings/masking`, { method: "PUT", body });
  if (response.status !== 200) throw new Error(`the masking was answered ${response.status}`);
}

/** HTTP is measured once more in each round under other circumstances. */
type Variant = {
  name: string;
  /** What is sent: absent, the same as without the variant. Made before the measurement, and thrown away after it. */
  bodies?: () => Buffer[];
  send(bodies: readonly Buffer[]): Promise<void>;
  /** The least that the ratio to HTTP should be; absent: none. */
  bar?: number;
  before?: () => Promise<void>;
  after?: () => Promise<void>;
  /** Of each round, ms. */
  results: number[];
  /** In each round, of the server and PostgreSQL. */
  work: Work;
};

/** Seconds that processors worked, which other work on the machine changes less than the time by the clock. */
type Work = number[];

/** A protocol is sent the same lines in its own form. */
const variantOfWire = ({ protocol, form, kind, body, to }: Wire, server: TestServer): Variant => ({
  name: `${protocol} (${form})`,
  bodies: () => lineGroups().map(body),
  send: (bodies) =>
    "path" in to
      ? sendBodies(server.url, bodies, connections, to)
      : sendMessages(portOf(server, to.listener), bodies, connections, to.isAcknowledged),
  bar: BARS[kind],
  results: [],
  work: [],
});

/** Where a listener listens, by what the start says. */
const portOf = ({ output }: TestServer, listener: string) =>
  Number(new RegExp(`^${listener} listens on .*:(\\d+)$`, "m").exec(output)?.[1]);

async function variantsOf(server: TestServer, pool: pg.Pool): Promise<Variant[]> {
  const { url } = server;
  const send = (bodies: readonly Buffer[]) => sendBodies(url, bodies, connections);
  const variants = wires.map((wire) => variantOfWire(wire, server));
  if (values.keys) {
    const headers = { ...OWN_NDJSON.headers, authorization: `Bearer ${await createKey(url)}` };
    const withKey = (bodies: readonly Buffer[]) => sendBodies(url, bodies, connections, { ...OWN_NDJSON, headers });
    variants.push({ name: "with an API key", send: withKey, results: [], work: [] });
  }
  if (values.masking) {
    variants.push({
      name: "with masking",
      send,
      before: () => setMasking(url, true),
      after: () => setMasking(url, false),
      results: [],
      work: [],
    });
  }
  if (alerts > 0) {
    variants.push({
      name: `with ${alerts} alert configurations`,
      send,
      before: () => configureAlerts(url, pool),
      after: async () => console.log(`  ${await violations(pool)} violations`),
      results: [],
      work: [],
    });
  }
  return variants;
}

/** @returns how long `action` took, in milliseconds; how long processors worked for it goes to `work` */
async function timedWork({ processId }: TestServer, work: Work, action: () => Promise<void>): Promise<number> {
  const before = processorSeconds(processId);
  const took = await timed(action);
  work.push(processorSeconds(processId) - before);
  return took;
}

/** The process looks so often how late it is, and counts from one look to the next. */
const LOOKS_EVERY_MS = 10;

/** @returns of the delays since it was asked last, the 99th percentile in ms: how long what is quick waits for its turn */
async function eventLoopDelay(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const seconds = /^cordwood_nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)?.[1];
  return Math.max(Number(seconds) * 1000 - LOOKS_EVERY_MS, 0);
}

/** Empty where that is not told. */
function ratioOfWork(http: Work, own: Work): string {
  const ratio = median(http) / median(own);
  return Number.isFinite(ratio) ? `, ${ratio.toFixed(2)} by what processors worked for the server and PostgreSQL` : "";
}

async function diskBytes(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(relation.oid)) as bytes
     from pg_class relation join pg_namespace schema on schema.oid = relation.relnamespace
     where schema.nspname = 'logs' and relation.relkind = 'r'`,
  );
  return Number(rows[0]?.bytes);
}

/** Resolves when what was sent is sealed, as far as it is sealed at all. */
async function sealed(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ hot: number }>("select count(*)::int as hot from logs.logs");
    if ((rows[0]?.hot ?? 0) <= LIMITS.hotEntries) return;
    await sleep(SEALED_LOOK_MS);
  }
}

async function violations(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>("select count(*)::int as count from logs.alert_violations");
  return rows[0]?.count ?? 0;
}

const now = Date.now();
/** The lines of each request, the same each time. */
const lineGroups = () => [...inRequests(generateLines(lines, now - SPAN_MS, now))];

async function run(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-bench-"));
  const server = new TestServer(process.execPath, cores);
  const file = path.join(folder, "lines.copy");
  console.log(`Making ${lines.toLocaleString("en")} lines ...`);
  const bodies: Buffer[] = [];
  for (const group of lineGroups()) {
    bodies.push(toBody(group));
    appendFileSync(file, toCopyRows(group));
  }
  const jsonBytes = bodies.reduce((sum, body) => sum + body.length, 0);
  console.log(`${(jsonBytes / lines).toFixed(0)} bytes of JSON a line, ${LINES_PER_REQUEST} lines a request`);
  let pool: pg.Pool | undefined;
  try {
    const listeners = wires.flatMap(({ to }) => ("variable" in to ? [[to.variable, "0"]] : []));
    await server.start(Object.fromEntries(listeners));
    pool = new pg.Pool({ connectionString: server.databaseUrl(), max: 1 });
    console.log("Warming up ...");
    await sendBodies(server.url, bodies.slice(0, 20), connections);
    const used = pool;
    const variants = await variantsOf(server, pool);
    const measure = async ({ name, bodies: made, send, before, after, results, work }: Variant) => {
      const own = made?.() ?? bodies;
      await reset(used);
      await before?.();
      const sent = await timedWork(server, work, () => send(own));
      await check(used);
      await after?.();
      results.push(sent);
      console.log(`  ${name} ${seconds(sent)} (${perSecond(sent)})`);
    };
    const results = { http: [] as number[], copy: [] as number[] };
    const httpWork: Work = [];
    const memory: number[] = [];
    const delays: number[] = [];
    let disk = 0;
    for (let round = 1; round <= rounds; round++) {
      await reset(pool);
      const copied = await timed(() => copyFile(file, server.databaseUrl(), used));
      // What comes first makes a difference, so they take turns.
      if (round % 2 === 0) for (const variant of variants) await measure(variant);
      await reset(pool);
      resetPeakMemory(server.processId);
      await eventLoopDelay(server.url);
      const sent = await timedWork(server, httpWork, () => sendBodies(server.url, bodies, connections));
      delays.push(await eventLoopDelay(server.url));
      const peak = peakMemory(server.processId);
      await check(pool);
      disk = await diskBytes(pool);
      results.copy.push(copied);
      results.http.push(sent);
      if (peak !== null) memory.push(peak);
      console.log(`round ${round}: \\copy ${seconds(copied)}, HTTP ${seconds(sent)} (${perSecond(sent)})`);
      if (round % 2 === 1) for (const variant of variants) await measure(variant);
    }
    resetPeakMemory(server.processId);
    await sealed(pool);
    const sealing = peakMemory(server.processId);
    const http = median(results.http);
    const copy = median(results.copy);
    console.log(`\n\\copy by ${hasPsql() ? "psql" : "the driver"}: median ${seconds(copy)}, ${perSecond(copy)}`);
    console.log(`HTTP with ${connections} connections: median ${seconds(http)}, ${perSecond(http)}`);
    console.log(`ratio to \\copy: ${(copy / http).toFixed(2)}`);
    for (const variant of variants) {
      const sent = median(variant.results);
      const { bar } = variant;
      const told =
        bar === undefined
          ? `${((sent / http - 1) * 100).toFixed(1)} % more`
          : `ratio to HTTP ${(http / sent).toFixed(2)} (bar ${bar})${ratioOfWork(httpWork, variant.work)}`;
      console.log(`${variant.name}: median ${seconds(sent)}, ${told}`);
    }
    console.log(`event loop of the server: p99 of its delay ${median(delays).toFixed(1)} ms`);
    const toldMemory = (bytes: readonly number[]) =>
      bytes.length > 0 ? `${Math.round(Math.max(...bytes) / MIB)} MiB` : "not told by this system";
    console.log(`peak memory of the server: ${toldMemory(memory)}`);
    console.log(`peak memory while that is sealed: ${toldMemory(sealing === null ? [] : [sealing])}`);
    console.log(`on disk, counts and indexes with it: ${Math.round((disk / MIB / lines) * 1e6)} MiB per million lines`);
  } finally {
    await pool?.end();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

await run();
