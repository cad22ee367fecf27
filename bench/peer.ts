import path from "node:path";
import pg from "pg";
import { readOptions } from "@/bin/options";
import { addMs, DAY_MS } from "@/core/clock";
import { createSegments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { askNewest, kindsOf, measureKind } from "./search-kinds";
import { sendBodies } from "./send-bodies";
import { bytesByPart, type Cost, costing, costOf, searchedBodies, storeLines } from "./store-lines";
import { SETTLE_MS, VICTORIA_NDJSON, VictoriaLogs } from "./victoria-logs";

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

const program = values["victoria-logs"];
if (!program) throw new Error("--victoria-logs must name the program");

const server = new TestServer();
const peer = new VictoriaLogs();
let pool: pg.Pool | undefined;
try {
  await Promise.all([server.start(), peer.start(program)]);
  pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  const now = Date.now();
  const { sending, sealing } = await storeLines(server, pool, segments, searchedBodies(lines, days, now));
  segments.duck.close();
  const peers = await costing([peer.processId], async () => {
    await sendBodies(peer.url, searchedBodies(lines, days, now), CONNECTIONS, VICTORIA_NDJSON);
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
    const from = addMs(to, -kind.days * DAY_MS);
    const newestQl = `${kind.logsQl} | sort by (_time desc) limit 100`;
    const newest = await measureKind(requests, () => peer.ask(newestQl, from, to, 100));
    const any = await measureKind(requests, () => peer.ask(kind.logsQl, from, to, 100));
    const text = (took: typeof own) => `${took.median.toFixed(1)}, ${took.found} found`;
    const ratios = own.median / newest.median;
    tell(kind.name, text(own), `${text(newest)} (${any.median.toFixed(1)})`, ratios);
  }
} finally {
  await pool?.end();
  await Promise.all([server.remove(), peer.remove()]);
}
