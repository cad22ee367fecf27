import path from "node:path";
import { createInterface } from "node:readline/promises";
import { Readable } from "node:stream";
import pg from "pg";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { entryText } from "@/core/search/entry-json";
import { searchResultSchema } from "@/core/search/schemas";
import { createSegments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { generateLines, inRequests, toBody } from "./lines";
import { peakMemory, resetPeakMemory, residentMemory } from "./process-memory";
import { timed } from "./statistics";
import { storeLines } from "./store-lines";

const values = readOptions("npm run bench:export --", "How fast entries are exported when they are sealed.", {
  lines: { type: "string", default: "1000000", value: "N", about: "entries that are stored" },
});
const lines = Number(values.lines);

const MIB = 1024 * 1024;
const MEMORY_BYTES = 256 * MIB;
const SPAN_MS = 50 * 60_000;
const pageSchema = z.object({ data: searchResultSchema });

/** Everything that a search finds, page by page, as NDJSON lines. */
async function* searchLines(url: string): AsyncGenerator<string> {
  let cursor = "";
  do {
    const response = await fetch(`${url}/api/logs?limit=1000&attributes=text${cursor}`);
    const { data } = pageSchema.parse(await response.json());
    for (const entry of data.entries) yield entryText(entry);
    cursor = data.next_cursor === null ? "" : `&cursor=${data.next_cursor}`;
  } while (cursor !== "");
}

async function exportedLines(url: string): Promise<AsyncIterable<string>> {
  const { body, status } = await fetch(`${url}/api/logs/export?format=ndjson`);
  if (!body || status !== 200) throw new Error(`the export was answered ${status}`);
  return createInterface({ input: Readable.from(body) });
}

const server = new TestServer();

/** Sends the lines and seals all of them. */
async function store(): Promise<void> {
  const pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  try {
    const bodies = [...inRequests(generateLines(lines, Date.now() - SPAN_MS, Date.now()))].map(toBody);
    await storeLines(server, pool, segments, bodies);
  } finally {
    segments.duck.close();
    await pool.end();
  }
}

try {
  await server.start();
  const idle = residentMemory(server.processId);
  await store();
  const { port } = new URL(server.url);
  // A fresh process, so that what is measured is of the export alone.
  await server.end("SIGTERM");
  await server.start({ PORT: port });
  await fetch(`${server.url}/api/logs?limit=1`);
  const before = residentMemory(server.processId);
  for (const format of ["ndjson", "csv"]) {
    resetPeakMemory(server.processId);
    let bytes = 0;
    const took = await timed(async () => {
      const { body } = await fetch(`${server.url}/api/logs/export?format=${format}`);
      for await (const chunk of Readable.from(body ?? [])) bytes += chunk.length;
    });
    const peak = peakMemory(server.processId);
    const more = peak === null || before === null ? "" : `, ${Math.round((peak - before) / MIB)} MiB more than before`;
    console.log(
      `${format}: ${Math.round(bytes / MIB)} MiB in ${(took / 1_000).toFixed(1)} s, ${Math.round(lines / (took / 1_000)).toLocaleString("en")} entries/s${more}`,
    );
  }
  let compared = 0;
  const found = searchLines(server.url);
  for await (const line of await exportedLines(server.url)) {
    const { value } = await found.next();
    if (value !== line) throw new Error(`line ${compared + 1} is not what the search has there`);
    compared++;
  }
  if (compared !== lines || !(await found.next()).done) throw new Error(`${compared} of ${lines} lines were exported`);
  console.log(`All ${compared.toLocaleString("en")} lines are what the search gives, in its order.`);
  if (idle !== null) console.log(`The server at rest before anything was sent: ${Math.round(idle / MIB)} MiB`);
} finally {
  await server.remove();
}
