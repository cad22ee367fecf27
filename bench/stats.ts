import path from "node:path";
import pg from "pg";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import { createSegments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { median, timed } from "./statistics";
import { searchedBodies, storeLines } from "./store-lines";

const values = readOptions(
  "npm run bench:stats --",
  "How fast tables of groups are computed when everything is sealed.",
  {
    lines: { type: "string", default: "1000000", value: "N", about: "entries that are stored" },
    days: { type: "string", default: "7", value: "N", about: "days over which they lie" },
    requests: { type: "string", default: "5", value: "N", about: "requests of each kind, after a first one" },
  },
);
const lines = Number(values.lines);
const days = Number(values.days);
const requests = Number(values.requests);
const MEMORY_BYTES = 256 * 1024 * 1024;

const KINDS: Readonly<Record<string, string>> = {
  "kept counts": "| stats count() by (service, level, time(1h))",
  "by an attribute": "| stats count() by (http.status)",
  "by service and attribute":
    "level>=error | stats count() as errors, count() if (http.status>=500) as broken by (service, http.status)",
  percentile: "| stats p95(http.status) by (service)",
  "percentile over time": "| timeseries p95(http.status) by (service)",
  "no such attribute": "| stats p95(duration_ms) by (service)",
  "without a column": "| stats count_distinct(trace_id)",
  "a phrase": '"too many clients" | stats count() by (service, time(1h))',
  "entry by entry": "service:checkout level:fatal | stats last(message) by (host)",
};

const answerSchema = z.object({ data: statsAnswerSchema });

async function ask(url: string, q: string): Promise<z.infer<typeof statsAnswerSchema>> {
  const to = addMs(floorTo(new Date(), MINUTE_MS), MINUTE_MS);
  const asked = new URLSearchParams({ q, from: addMs(to, -days * DAY_MS).toISOString(), to: to.toISOString() });
  const response = await fetch(`${url}/api/logs/stats?${asked}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${q}: ${JSON.stringify(body)}`);
  return answerSchema.parse(body).data;
}

const server = new TestServer();
let pool: pg.Pool | undefined;
try {
  await server.start();
  pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  await storeLines(server, pool, segments, searchedBodies(lines, days, Date.now()));
  segments.duck.close();
  console.log(`${lines.toLocaleString("en")} sealed lines of ${days} days, by HTTP, in ms:\n`);
  for (const [name, q] of Object.entries(KINDS)) {
    let [rows, entries] = [0, 0];
    const once = async () => {
      const answer = await ask(server.url, q);
      [rows, entries] = [answer.total_rows, answer.entries];
    };
    const first = await timed(once);
    const times: number[] = [];
    for (let request = 0; request < requests; request++) times.push(await timed(once));
    const told = `${first.toFixed(0)} first, ${median(times).toFixed(0)} median`;
    console.log(`${name.padEnd(26)}${told.padStart(28)}   ${rows} rows of ${entries.toLocaleString("en")} entries`);
  }
} finally {
  await pool?.end();
  await server.remove();
}
