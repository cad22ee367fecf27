import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import autocannon from "autocannon";
import pg from "pg";
import { readOptions } from "@/bin/options";
import { TestServer } from "@/e2e/server";
import { toJson } from "./generate-lines";
import { generateLines } from "./lines";
import { median } from "./statistics";
import { VICTORIA_NDJSON, VictoriaLogs } from "./victoria-logs";

/**
 * Measures one line a request from many connections, each with its next line when the last one is answered: the way of every
 * application that logs by itself. Beside it, in turn, a bare node:http server, and VictoriaLogs when its program is named.
 */
const values = readOptions(
  "npm run bench:requests --",
  "How many lines are taken by one request each, beside a bare server.",
  {
    rounds: { type: "string", default: "3", value: "N", about: "rounds of all measurements" },
    connections: { type: "string", default: "50", value: "N", about: "connections that send" },
    seconds: { type: "string", default: "8", value: "N", about: "of each measurement" },
    "victoria-logs": { type: "string", value: "FILE", about: "the program of VictoriaLogs, to measure it too" },
  },
);
const rounds = Number(values.rounds);
const connections = Number(values.connections);
const duration = Number(values.seconds);

/** Different lines that are sent, over and over. */
const LINES = 5_000;

type Result = { perSecond: number; p50: number; p99: number };
type Peer = { name: string; url: string; results: Result[] };

const bodies = [...generateLines(LINES, Date.now() - 60_000, Date.now())].map(toJson);

/** @throws Error for any answer but a success */
async function measure(url: string, method: "POST" | "GET" = "POST"): Promise<Result & { count: number }> {
  let next = 0;
  const result = await autocannon({
    url,
    connections,
    duration,
    requests: [
      {
        method,
        headers: { "content-type": "application/json" },
        setupRequest: (request) => (method === "GET" ? request : { ...request, body: bodies[next++ % LINES] ?? "" }),
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url} answered ${result.non2xx} requests with an error, ${result.errors} not at all`);
  }
  const { average, total } = result.requests;
  return { perSecond: average, p50: result.latency.p50, p99: result.latency.p99, count: total };
}

async function startBare(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "bench/bare-server.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await once(child.stdout, "data");
  return { child, url: `http://127.0.0.1:${String(port).trim()}/` };
}

/** @throws Error when what was answered is not stored and counted */
async function check(server: TestServer, sent: number): Promise<void> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const { rows } = await client.query<{ stored: string; counted: string }>(
    "select (select count(*) from logs.logs) + (select coalesce(sum(rows), 0) from logs.segments) as stored, (select sum(count) from logs.stats_minute) as counted",
  );
  await client.end();
  const [found] = rows;
  // What was under way at the end of a measurement is stored and was not answered to anybody.
  const isRight = Number(found?.stored) >= sent && found?.stored === found?.counted;
  if (!isRight) throw new Error(`of ${sent} lines ${found?.stored} are stored and ${found?.counted} counted`);
}

const server = new TestServer();
const victoria = new VictoriaLogs();
const children: ChildProcess[] = [];
try {
  await server.start();
  const bare = await startBare();
  children.push(bare.child);
  const cordwood: Peer = { name: "Cordwood", url: `${server.url}/api/logs`, results: [] };
  const reference: Peer = { name: "a bare node:http server", url: bare.url, results: [] };
  const peers = [cordwood, reference];
  if (values["victoria-logs"]) {
    await victoria.start(values["victoria-logs"]);
    peers.push({ name: "VictoriaLogs", url: `${victoria.url}${VICTORIA_NDJSON.path}`, results: [] });
  }
  console.log(`One line of ${bodies[0]?.length} bytes a request, ${connections} connections, ${duration} s each`);
  for (const { url } of peers) await measure(url);
  let sent = 0;
  for (let round = 1; round <= rounds; round++) {
    for (const { name, url, results } of peers) {
      const result = await measure(url);
      results.push(result);
      if (url === cordwood.url) sent += result.count;
      console.log(`round ${round}: ${name} ${told(result)}`);
    }
  }
  await check(server, sent);
  const health = await measure(`${server.url}/healthz`, "GET");
  console.log(`\nGET /healthz: ${told(health)}`);
  const middle = (results: readonly Result[]): Result => ({
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
  });
  const own = middle(cordwood.results);
  for (const { name, results } of peers) {
    const { perSecond } = middle(results);
    const ratio = name === cordwood.name ? "" : `; Cordwood is at ${(own.perSecond / perSecond).toFixed(2)} of it`;
    console.log(`${name}: median ${told(middle(results))}${ratio}`);
  }
} finally {
  for (const child of children) child.kill();
  await Promise.all([victoria.remove(), server.remove()]);
}

function told({ perSecond, p50, p99 }: Result): string {
  return `${Math.round(perSecond).toLocaleString("en")} requests/s, p50 ${p50} ms, p99 ${p99} ms`;
}
