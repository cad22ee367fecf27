import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readOptions } from "@/bin/options";
import { addMs, DAY_MS } from "@/core/clock";
import { createSegments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { askNewest, type Kind, kindsOf, measureKind } from "./search-kinds";
import { OWN_NDJSON, sendBodies } from "./send-bodies";
import { bytesByPart, type Cost, costing, costOf, searchedBodies, storeLines } from "./store-lines";

const values = readOptions("npm run bench:peer --", "Cordwood beside VictoriaLogs, with the same lines in one run.", {
  "victoria-logs": { type: "string", value: "PATH", about: "the program of VictoriaLogs" },
  lines: { type: "string", default: "1000000", value: "N", about: "lines that both get" },
  days: { type: "string", default: "7", value: "N", about: "days over which they lie" },
  requests: { type: "string", default: "20", value: "N", about: "requests of each kind" },
});
const lines = Number(values.lines);
const days = Number(values.days);
const requests = Number(values.requests);

const CONNECTIONS = 4;
const MEMORY_BYTES = 256 * 1024 * 1024;
/** After it was told to put its parts together. */
const SETTLE_MS = 5_000;
const READY_WITHIN_MS = 30_000;
const INSERT = "/insert/jsonline?_stream_fields=service&_time_field=timestamp&_msg_field=message";

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (!address || typeof address !== "object") throw new Error("there is no free port");
  return address.port;
}

/** VictoriaLogs on a folder of its own. */
class Peer {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-peer-"));
  private child: ChildProcess | undefined;
  url = "";

  async start(program: string): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`;
    this.url = `http://${address}`;
    const settings = [`-storageDataPath=${this.folder}`, `-httpListenAddr=${address}`, "-retentionPeriod=30d"];
    this.child = spawn(program, settings, { stdio: "ignore" });
    const until = Date.now() + READY_WITHIN_MS;
    while (
      !(await fetch(`${this.url}/health`).then(
        (answer) => answer.ok,
        () => false,
      ))
    ) {
      if (Date.now() > until || this.child.exitCode !== null) throw new Error(`${program} did not start`);
      await sleep(100);
    }
  }

  get processId(): number {
    return this.child?.pid ?? -1;
  }

  async settle(): Promise<void> {
    await fetch(`${this.url}/internal/force_flush`);
    await fetch(`${this.url}/internal/force_merge`);
    await sleep(SETTLE_MS);
  }

  bytes(): number {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
  }

  /** @param end what comes behind the query */
  async ask({ logsQl, days: length }: Kind, to: Date, end: string): Promise<number> {
    const start = addMs(to, -length * DAY_MS).toISOString();
    const body = new URLSearchParams({ query: `${logsQl}${end}`, start, end: to.toISOString(), limit: "100" });
    const answer = await fetch(`${this.url}/select/logsql/query`, { method: "POST", body });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`VictoriaLogs answered ${answer.status}: ${text.slice(0, 300)}`);
    return text.split("\n").filter(Boolean).length;
  }

  async remove(): Promise<void> {
    if (this.child?.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const program = values["victoria-logs"];
if (!program) throw new Error("--victoria-logs must name the program");

const server = new TestServer();
const peer = new Peer();
let pool: pg.Pool | undefined;
try {
  await Promise.all([server.start(), peer.start(path.resolve(program))]);
  pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  const now = Date.now();
  const { sending, sealing } = await storeLines(server, pool, segments, searchedBodies(lines, days, now));
  segments.duck.close();
  const peers = await costing([peer.processId], async () => {
    await sendBodies(peer.url, searchedBodies(lines, days, now), CONNECTIONS, { ...OWN_NDJSON, path: INSERT });
    await peer.settle();
  });
  const total: Cost = { wall: sending.wall + sealing.wall, processors: sending.processors + sealing.processors };
  const settled = { ...peers, wall: peers.wall - SETTLE_MS / 1_000 };
  console.log(`${"".padEnd(20)}${"Cordwood".padStart(34)}${"VictoriaLogs".padStart(34)}${"ratio".padStart(8)}`);
  const tell = (name: string, own: string, theirs: string, ratio: number) =>
    console.log(`${name.padEnd(20)}${own.padStart(34)}${theirs.padStart(34)}${ratio.toFixed(2).padStart(8)}`);
  tell("ingest", costOf(sending), costOf(settled), sending.wall / settled.wall);
  tell("and sealing", costOf(total), costOf(settled), total.wall / settled.wall);
  const disk = (await bytesByPart(pool)).reduce((sum, [, bytes]) => sum + bytes, 0);
  const megabytes = (bytes: number) => `${(bytes / lines).toFixed(1)} MB per million`;
  tell("disk", megabytes(disk), megabytes(peer.bytes()), disk / peer.bytes());
  console.log(`\nNewest 100, median ms of ${requests}; of VictoriaLogs by its sort, and any 100 in parentheses:`);
  for (const kind of kindsOf(days)) {
    const to = new Date();
    const own = await measureKind(requests, () => askNewest(server.url, kind, to));
    const newest = await measureKind(requests, () => peer.ask(kind, to, " | sort by (_time desc) limit 100"));
    const any = await measureKind(requests, () => peer.ask(kind, to, ""));
    const text = (took: typeof own) => `${took.median.toFixed(1)}, ${took.found} found`;
    const ratios = own.median / newest.median;
    tell(kind.name, text(own), `${text(newest)} (${any.median.toFixed(1)})`, ratios);
  }
} finally {
  await pool?.end();
  await Promise.all([server.remove(), peer.remove()]);
}
