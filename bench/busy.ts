import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "@/bin/options";
import { TestServer } from "@/e2e/server";
import { generateLines, inRequests, toBody } from "./lines";
import { sendBodies } from "./send-bodies";
import { quantile } from "./statistics";

/**
 * How long one line takes to be taken, and other pages to be answered, at rest and while many searches go on that find nothing
 * and have to look at everything.
 */
const values = readOptions(
  "npm run bench:busy --",
  "How long a line takes to be taken while many search, beside the same at rest.",
  {
    lines: { type: "string", default: "240000", value: "N", about: "lines that are there to be searched" },
    searches: { type: "string", default: "30", value: "N", about: "searches that go on at the same time" },
    seconds: { type: "string", default: "15", value: "N", about: "of each measurement" },
    query: { type: "string", default: "duration_ms>100000", value: "QUERY", about: "what is searched for" },
  },
);
const SPAN_MS = 3 * 3_600_000;
/** Between one line and the next. */
const PAUSE_MS = 20;

const server = new TestServer();

/** Over and over, one after the other. @returns how long each took in ms */
async function repeat(ask: () => Promise<Response>, signal: AbortSignal, pauseMs: number): Promise<Took[]> {
  const took: Took[] = [];
  while (!signal.aborted) {
    const startedMs = performance.now();
    const response = await ask();
    await response.arrayBuffer();
    took.push({ ms: performance.now() - startedMs, status: response.status });
    await sleep(pauseMs);
  }
  return took;
}

type Took = { ms: number; status: number };

const [line] = [...generateLines(1, Date.now(), Date.now())].map((one) => toBody([one]));
const postLine = () => fetch(`${server.url}/api/logs`, { method: "POST", body: line ?? "", headers: NDJSON });
const NDJSON = { "content-type": "application/x-ndjson" };
const overview = () => fetch(`${server.url}/api/logs/dashboard/overview`);
const newest = () => fetch(`${server.url}/api/logs?q=level%3Aerror&limit=50`);
const slow = () => fetch(`${server.url}/api/logs?explain=false&q=${encodeURIComponent(values.query)}`);

const KINDS = { "POST of one line": postLine, "GET overview": overview, "newest 50 errors": newest };

async function measure(): Promise<Record<string, Took[]>> {
  const ended = AbortSignal.timeout(Number(values.seconds) * 1_000);
  const kinds = Object.entries(KINDS).map(async ([name, ask]) => [name, await repeat(ask, ended, PAUSE_MS)] as const);
  return Object.fromEntries(await Promise.all(kinds));
}

function tell(when: string, took: readonly Took[]): { p50: number; p99: number } {
  const ms = took.map((one) => one.ms);
  const failed = took.filter(({ status }) => status >= 300).length;
  const result = { p50: quantile(ms, 0.5), p99: quantile(ms, 0.99) };
  const refused = failed > 0 ? `, ${failed} refused` : "";
  console.log(
    `  ${when}: ${took.length} asked, p50 ${result.p50.toFixed(0)} ms, p99 ${result.p99.toFixed(0)} ms${refused}`,
  );
  return result;
}

try {
  await server.start();
  const now = Date.now();
  const bodies = [...inRequests(generateLines(Number(values.lines), now - SPAN_MS, now))].map(toBody);
  await sendBodies(server.url, bodies, 4);
  await measure();
  const rest = await measure();
  const stop = new AbortController();
  const searching = Promise.all(Array.from({ length: Number(values.searches) }, () => repeat(slow, stop.signal, 0)));
  await sleep(1_000);
  const busy = await measure();
  stop.abort();
  const searches = (await searching).flat();
  console.log(`${values.lines} lines, ${values.searches} searches for ${values.query} at once`);
  for (const name of Object.keys(KINDS)) {
    console.log(name);
    const [before, during] = [tell("at rest", rest[name] ?? []), tell("searched", busy[name] ?? [])];
    console.log(`  p99 is ${(during.p99 / before.p99).toFixed(1)} times what it is at rest`);
  }
  console.log("The searches themselves");
  tell("all", searches);
} finally {
  await server.remove();
}
