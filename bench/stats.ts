import path from "node:path";
import pg from "pg";
import { z } from "zod";
import { readOptions } from "@/bin/options";
import { statsAnswerSchema } from "@/core/analytics/schemas";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
import { createSegments } from "@/core/segments/segments";
import { TestServer } from "@/e2e/server";
import { sendBodies } from "./send-bodies";
import { median, timed } from "./statistics";
import { searchedBodies, storeLines } from "./store-lines";
import { VICTORIA_NDJSON, VictoriaLogs } from "./victoria-logs";

const values = readOptions(
  "npm run bench:stats --",
  "How fast tables of groups are computed when everything is sealed, and by VictoriaLogs of the same lines.",
  {
    lines: { type: "string", default: "1000000", value: "N", about: "entries that are stored" },
    days: { type: "string", default: "7", value: "N", about: "days over which they lie" },
    requests: { type: "string", default: "5", value: "N", about: "requests of each kind, after a first one" },
    "victoria-logs": { type: "string", value: "PATH", about: "the program of VictoriaLogs, to measure it too" },
  },
);
const lines = Number(values.lines);
const days = Number(values.days);
const requests = Number(values.requests);
const CONNECTIONS = 4;
const MEMORY_BYTES = 256 * 1024 * 1024;

type Kind = {
  q: string;
  /** The same in LogsQL. */
  logsQl: string;
};

const KINDS: Readonly<Record<string, Kind>> = {
  "kept counts": {
    q: "| stats count() by (service, level, time(1h))",
    logsQl: "* | stats by (service, level, _time:1h) count() n",
  },
  "kept counts, by level": {
    q: "| stats count() by (level, time(1h))",
    logsQl: "* | stats by (level, _time:1h) count() n",
  },
  "kept counts, 5 minutes": {
    q: "level>=error | stats count() by (service, time(5m))",
    logsQl: "level:in(error, fatal) | stats by (service, _time:5m) count() n",
  },
  "by an attribute": {
    q: "| stats count() by (http.status)",
    logsQl: "* | stats by (attributes.http.status) count() n",
  },
  "by service and attribute": {
    q: "level>=error | stats count() as errors, count() if (http.status>=500) as broken by (service, http.status)",
    logsQl:
      "level:in(error, fatal) | stats by (service, attributes.http.status) count() errors, count() if (attributes.http.status:>=500) broken",
  },
  percentile: {
    q: "| stats p95(http.status) by (service)",
    logsQl: "* | stats by (service) quantile(0.95, attributes.http.status) p",
  },
  "percentile over time": {
    q: "| stats p95(http.status) by (service, time(3h))",
    logsQl: "* | stats by (service, _time:3h) quantile(0.95, attributes.http.status) p",
  },
  "no such attribute": {
    q: "| stats p95(duration_ms) by (service)",
    logsQl: "* | stats by (service) quantile(0.95, attributes.duration_ms) p",
  },
  "without a column": {
    q: "| stats count_distinct(trace_id)",
    logsQl: "* | stats count_uniq(attributes.trace_id) n",
  },
  "a phrase": {
    q: '"too many clients" | stats count() by (service, time(1h))',
    logsQl: '"too many clients" | stats by (service, _time:1h) count() n',
  },
  "entry by entry": {
    q: "service:checkout level:fatal | stats last(message) by (host)",
    logsQl: '{service="checkout"} level:=fatal | stats by (attributes.host) row_max(_time, _msg) m',
  },
};

const answerSchema = z.object({ data: statsAnswerSchema });

/** @returns the answer's text, as what a client makes of it is not measured */
async function ask(url: string, q: string, from: Date, to: Date): Promise<string> {
  const asked = new URLSearchParams({ q, from: from.toISOString(), to: to.toISOString() });
  const response = await fetch(`${url}/api/logs/stats?${asked}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${q}: ${text}`);
  return text;
}

async function measure(once: () => Promise<void>): Promise<{ first: number; again: number }> {
  const first = await timed(once);
  const times: number[] = [];
  for (let request = 0; request < requests; request++) times.push(await timed(once));
  return { first, again: median(times) };
}

const cell = (text: string | number) => (typeof text === "number" ? text.toFixed(1) : text).padStart(14);
const server = new TestServer();
const peer = values["victoria-logs"] ? new VictoriaLogs() : null;
let pool: pg.Pool | undefined;
try {
  await server.start();
  await peer?.start(values["victoria-logs"] ?? "");
  pool = new pg.Pool({ connectionString: server.databaseUrl() });
  const scratch = path.join(server.folder, "scratch");
  const segments = createSegments({ folder: server.segments, scratch, memoryBytes: MEMORY_BYTES });
  const now = Date.now();
  await storeLines(server, pool, segments, searchedBodies(lines, days, now));
  segments.duck.close();
  if (peer) {
    await sendBodies(peer.url, searchedBodies(lines, days, now), CONNECTIONS, VICTORIA_NDJSON);
    await peer.settle();
  }
  console.log(
    `${lines.toLocaleString("en")} sealed lines of ${days} days, by HTTP, in ms, the median of ${requests}:\n`,
  );
  const heads = peer ? ["VictoriaLogs", "its rows", "first / its", "again / its"] : [];
  console.log("".padEnd(26) + ["first", "again", "rows", ...heads].map(cell).join(""));
  for (const [name, { q, logsQl }] of Object.entries(KINDS)) {
    const to = addMs(floorTo(new Date(), MINUTE_MS), MINUTE_MS);
    const from = addMs(to, -days * DAY_MS);
    let answer = "";
    const { first, again } = await measure(async () => {
      answer = await ask(server.url, q, from, to);
    });
    const { data } = answerSchema.parse(JSON.parse(answer));
    const cells: (string | number)[] = [first, again, String(data.total_rows)];
    if (peer) {
      let found = 0;
      const its = await measure(async () => {
        found = await peer.ask(logsQl, from, to);
      });
      cells.push(its.again, String(found), (first / its.again).toFixed(2), (again / its.again).toFixed(2));
    }
    console.log(name.padEnd(26) + cells.map(cell).join(""));
  }
} finally {
  await pool?.end();
  await Promise.all([server.remove(), peer?.remove()]);
}
