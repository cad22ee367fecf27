import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readOptions } from "@/bin/options";
import { systemClock } from "@/core/clock";
import { DatabaseRoom } from "@/core/ingest/database-room";
import { Ingest } from "@/core/ingest/ingest";
import { RecentRows } from "@/core/realtime/recent-rows";
import { RetentionPlan } from "@/core/retention/retention-plan";
import { CitusCluster, createCitusDatabase, findCitus } from "@/core/testing/citus";
import { createPool, databaseOf } from "@/db/client";
import { removeDataFolder } from "@/db/embedded/data-folder";
import { startEmbeddedServer } from "@/db/embedded/embedded-server";
import { migrateDatabase } from "@/db/migrate";
import { generateLines, inRequests, toBody } from "./lines";
import { processorSeconds } from "./process-time";
import { median } from "./statistics";

const values = readOptions(
  "npm run bench:scaling --",
  "What taking entries costs the processors of an instance and of the database, with one PostgreSQL and, where there is Citus, with two workers.",
  {
    lines: { type: "string", default: "200000", value: "N", about: "lines of each measurement" },
    rounds: { type: "string", default: "3", value: "N", about: "rounds of all measurements" },
  },
);
const lines = Number(values.lines);
const rounds = Number(values.rounds);
const SPAN_MS = 50 * 60_000;
const SENDERS = 4;

type Place = { name: string; url: string; processes: { name: string; id: number }[]; stop(): Promise<void> };

async function onePostgres(): Promise<Place> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-bench-"));
  const server = await startEmbeddedServer(folder, (event) => process.stderr.write(`${event}\n`));
  await migrateDatabase(server.connectionString);
  const stop = async () => {
    await server.stop();
    removeDataFolder(folder);
  };
  const processes = [{ name: "PostgreSQL", id: server.pid() ?? 0 }];
  return { name: "one PostgreSQL", url: server.connectionString, processes, stop };
}

async function citus(archive: string): Promise<Place> {
  const cluster = await CitusCluster.start(archive);
  const url = await createCitusDatabase(cluster.ports, "bench");
  await migrateDatabase(url, { distribute: true });
  const names = ["coordinator", "worker 1", "worker 2"];
  const processes = cluster.processIds.map((id, place) => ({ name: names[place] ?? "", id }));
  return { name: "Citus with two workers", url, processes, stop: () => cluster.stop() };
}

async function* arriving(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

/** @returns seconds of processors a million lines, of the instance and of each process of the database */
async function measure({ url, processes }: Place, bodies: readonly Buffer[]): Promise<number[]> {
  const pool = createPool(url, (error) => process.stderr.write(`${error}\n`));
  const db = databaseOf(pool);
  const nothing = {
    request: () => undefined,
    wake: () => undefined,
    written: () => undefined,
    brake: async () => undefined,
  };
  const recent = new RecentRows();
  const parts = { outbox: nothing, newPatterns: nothing, sealSoon: nothing, recent, room: new DatabaseRoom(db) };
  const settings = { retentionPlan: async () => new RetentionPlan(30), masker: async () => null };
  const ingest = new Ingest({ pool, db, clock: systemClock, ...parts }, settings);
  const worked = () => [process.cpuUsage(), ...processes.map(({ id }) => processorSeconds(id))] as const;
  const [own, ...before] = worked();
  const waiting = [...bodies];
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let body = waiting.shift(); body; body = waiting.shift()) {
        await ingest.ingest({ body: arriving(body), format: "ndjson", encodings: [], announcedBytes: 0 });
      }
    }),
  );
  const { user, system } = process.cpuUsage(own);
  // So that the work of backends counts when they have ended, too.
  const [, ...after] = worked();
  await pool.query("truncate logs.logs, logs.stats_minute");
  await pool.end();
  const spent = [(user + system) / 1e6, ...after.map((seconds, place) => seconds - (before[place] ?? 0))];
  return spent.map((seconds) => (seconds * 1e6) / lines);
}

const archive = findCitus();
if (archive === null) console.log("There is no Citus for this machine in ../shared/peers/citus: it is not measured.");
const bodies = [...inRequests(generateLines(lines, Date.now() - SPAN_MS, Date.now()))].map(toBody);
const bytes = bodies.reduce((sum, body) => sum + body.length, 0);
console.log(
  `${Math.round(bytes / lines)} bytes a line as NDJSON; seconds of one processor a million lines, median of ${rounds}:`,
);
const places = [await onePostgres(), ...(archive === null ? [] : [await citus(archive)])];
try {
  const results = new Map(places.map((place) => [place, [] as number[][]]));
  for (let round = 0; round < rounds; round++)
    for (const place of places) results.get(place)?.push(await measure(place, bodies));
  for (const [{ name, processes }, measured] of results) {
    const of = (place: number) => median(measured.map((spent) => spent[place] ?? Number.NaN)).toFixed(2);
    const parts = processes.map((one, place) => `${one.name} ${of(place + 1)}`);
    console.log(`${name}: instance ${of(0)}, ${parts.join(", ")}`);
  }
} finally {
  for (const place of places) await place.stop();
}
