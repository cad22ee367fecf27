import pg from "pg";
import { readOptions } from "@/bin/options";
import { DAY_MS, systemClock } from "@/core/clock";
import { aggregateLogsDaily } from "@/core/stats/aggregate-logs-daily";
import { databaseOf } from "@/db/client";
import { TestServer } from "@/e2e/server";
import { generateLines, inRequests, toBody } from "./lines";
import { sendBodies } from "./send-bodies";
import { quantile, timed } from "./statistics";

const values = readOptions("npm run bench:dashboard --", "How long the dashboard's endpoints take as entries grow.", {
  sizes: {
    type: "string",
    default: "1000000,10000000",
    value: "N,N",
    about: "entries that are stored, one size after another",
  },
  requests: { type: "string", default: "300", value: "N", about: "requests to each endpoint" },
});
const sizes = values.sizes.split(",").map(Number);
const requests = Number(values.requests);

/** Lines are spread over so long before now: the whole of the widest range. */
const SPAN_MS = 7 * DAY_MS;
const CONNECTIONS = 4;
const WARM_UP = 20;

const PATHS = [
  "/api/logs/dashboard",
  "/api/logs/dashboard/service?service=checkout&timeRange=1h",
  "/api/logs/dashboard/service?service=checkout&timeRange=1d",
  "/api/logs/dashboard/service?service=checkout&timeRange=1w",
  "/api/logs/dashboard/top-errors?timeRange=1h",
  "/api/logs/dashboard/top-errors?timeRange=1d",
  "/api/logs/dashboard/top-errors?timeRange=1w",
  "/api/logs/dashboard/health",
  "/api/logs/dashboard/trend?timeRange=1h",
  "/api/logs/dashboard/trend?timeRange=1d",
  "/api/logs/dashboard/trend?timeRange=1w",
  "/api/logs/dashboard/overview?timeRange=1h",
  "/api/logs/dashboard/overview?timeRange=1d",
  "/api/logs/dashboard/overview?timeRange=1w",
] as const;

type Latency = { median: number; p99: number };

function* bodies(lines: number): Generator<Buffer> {
  const now = Date.now();
  let sent = 0;
  for (const group of inRequests(generateLines(lines, now - SPAN_MS, now))) {
    yield toBody(group);
    sent += group.length;
    if (sent % 1_000_000 === 0) process.stderr.write(`  ${sent.toLocaleString("en")} lines sent\n`);
  }
}

async function fetchOnce(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
}

/** One request after the other, the paths in turn, so that a slow moment of the machine meets all alike. */
async function measure(url: string): Promise<Map<string, Latency>> {
  const times = new Map<string, number[]>(PATHS.map((path) => [path, []]));
  for (let round = 0; round < WARM_UP + requests; round++) {
    for (const [path, measured] of times) {
      const milliseconds = await timed(() => fetchOnce(`${url}${path}`));
      if (round >= WARM_UP) measured.push(milliseconds);
    }
  }
  return new Map([...times].map(([path, all]) => [path, { median: quantile(all, 0.5), p99: quantile(all, 0.99) }]));
}

async function measureWith(lines: number): Promise<Map<string, Latency>> {
  const server = new TestServer();
  try {
    await server.start();
    console.error(`Sending ${lines.toLocaleString("en")} lines of ${SPAN_MS / DAY_MS} days ...`);
    await sendBodies(server.url, bodies(lines), CONNECTIONS);
    const pool = new pg.Pool({ connectionString: server.databaseUrl() });
    await aggregateLogsDaily({ db: databaseOf(pool), clock: systemClock });
    await pool.query("vacuum analyze");
    await pool.end();
    return await measure(server.url);
  } finally {
    await server.remove();
  }
}

const text = ({ median, p99 }: Latency) => `${median.toFixed(1)} / ${p99.toFixed(1)}`;

const results: Map<string, Latency>[] = [];
for (const size of sizes) results.push(await measureWith(size));
const width = Math.max(...PATHS.map((path) => path.length)) + 2;
console.log(`Median / p99 in ms of ${requests} requests, one after the other, by number of lines stored:\n`);
console.log(
  "".padEnd(width) + sizes.map((size) => size.toLocaleString("en").padStart(16)).join("") + "   ratio".padStart(9),
);
for (const path of PATHS) {
  const measured = results.map((result) => result.get(path)).filter((latency) => latency !== undefined);
  const first = measured[0]?.median ?? Number.NaN;
  const last = measured.at(-1)?.median ?? Number.NaN;
  console.log(
    path.padEnd(width) +
      measured.map((latency) => text(latency).padStart(16)).join("") +
      (last / first).toFixed(2).padStart(9),
  );
}
