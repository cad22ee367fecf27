import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { columnNameOf } from "@/core/segments/attribute-columns";
import { entriesOf, identifier } from "@/core/segments/duck";
import { createSegments, type Segments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { askNewest, kindsOf, measureKind } from "./search-kinds";
import { timed } from "./statistics";
import { bytesByPart, costOf, searchedBodies, storeLines } from "./store-lines";

const values = readOptions("npm run bench:search --", "How fast searches answer when everything is sealed.", {
  lines: { type: "string", default: "10000000", value: "N", about: "entries that are stored" },
  days: { type: "string", default: "7", value: "N", about: "days over which they lie" },
  requests: { type: "string", default: "30", value: "N", about: "requests of each kind" },
});
const lines = Number(values.lines);
const days = Number(values.days);
const requests = Number(values.requests);

const MEMORY_BYTES = 256 * 1024 * 1024;

async function tellBytes(pool: pg.Pool): Promise<void> {
  const parts = await bytesByPart(pool);
  const all = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const perMillion = parts.map(([part, bytes]) => `${part} ${(bytes / lines).toFixed(1)} MB`);
  console.log(`On disk per million lines: ${(all / lines).toFixed(1)} MB (${perMillion.join(", ")}).`);
}

async function tellKinds(url: string): Promise<void> {
  console.log(`Newest 100 by HTTP, median / p99 in ms of ${requests}:\n`);
  for (const kind of kindsOf(days)) {
    const { median, p99, found } = await measureKind(requests, () => askNewest(url, kind, new Date()));
    console.log(`${kind.name.padEnd(18)}${`${median.toFixed(1)} / ${p99.toFixed(1)}`.padStart(16)}   ${found} found`);
  }
}

/** Counts all that is sealed by an attribute, as what is to come after the pipe of a query will: the first time, so nothing is known yet. */
async function tellCounts(pool: pg.Pool, segments: Segments): Promise<void> {
  const { rows } = await pool.query<{ path: string; columns: { path: string }[] }>(
    "select path, attribute_columns as columns from logs.segments",
  );
  for (const path of ["http.status", "host"]) {
    const files = rows.filter(({ columns }) => columns.some((column) => column.path === path));
    const source = entriesOf(files.map((file) => `${segments.store.localFolder}/${file.path}`));
    const column = sql.raw(identifier(columnNameOf(path)));
    const counted = sql`select ${column}::varchar as value, count(*) as count from ${source} group by all`;
    let values = 0;
    const took = await timed(async () => {
      values = (await segments.duck.read(counted, z.unknown())).length;
    });
    console.log(
      `count by ${path} (a column in ${files.length} of ${rows.length} files): ${took.toFixed(0)} ms, ${values} values`,
    );
  }
}

const server = new TestServer();
const open: { pool?: pg.Pool; segments?: Segments } = {};
try {
  await server.start();
  console.error(`Sending ${lines.toLocaleString("en")} lines of ${days} days ...`);
  const pool = new pg.Pool({ connectionString: server.databaseUrl() });
  open.pool = pool;
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  open.segments = segments;
  const { sending, sealing } = await storeLines(server, pool, segments, searchedBodies(lines, days, Date.now()));
  const share = { wall: sealing.wall / sending.wall, processors: sealing.processors / sending.processors };
  console.log(
    `Ingest took ${costOf(sending)}; sealing all of it ${costOf(sealing)}: ${share.wall.toFixed(2)} and ${share.processors.toFixed(2)} times that.`,
  );
  await tellBytes(pool);
  await tellKinds(server.url);
  await tellCounts(pool, segments);
} finally {
  open.segments?.duck.close();
  await open.pool?.end();
  await server.remove();
}
