import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { TestServer } from "@/e2e/server";
import { generateLines } from "./lines";
import { post } from "./post";
import { processorSeconds } from "./process-time";
import { quantile } from "./statistics";
import { sendSteadily } from "./steady-load";
import { watchedQueries } from "./watched-queries";

const MILLION = 1_000_000;
const CATCH_UP_MS = 300_000;
const WARM_UP_SECONDS = 10;

type Round = { lines: number; tookMs: number; seconds: number; acknowledged: number[] };

/** The usual lines, with how long each took. */
function* timedLines(count: number, startMs: number, endMs: number) {
  for (const line of generateLines(count, startMs, endMs)) {
    const ms = (Number.parseInt(line.attributes.slice(-14, -12), 36) * 7 + line.message.length * 13) % 3_000;
    yield { ...line, attributes: `${line.attributes.slice(0, -1)},"duration_ms":${ms / 10}}` };
  }
}

/** @param database of a server with alerts, whose judgement is part of what is measured; null: there are none */
async function measure(
  server: TestServer,
  database: pg.Client | null,
  rate: number,
  forSeconds: number,
): Promise<Round> {
  const stop = new AbortController();
  const acknowledged: number[] = [];
  const before = processorSeconds(server.processId);
  const startedAt = Date.now();
  const until = startedAt + forSeconds * 1_000;
  const loading = sendSteadily(server.url, rate, stop.signal, timedLines);
  while (Date.now() < until) {
    const started = performance.now();
    await post(`${server.url}/api/logs`, { service: "probe", level: "info", message: "one line" });
    acknowledged.push(performance.now() - started);
    await sleep(100);
  }
  stop.abort();
  const lines = await loading;
  const tookMs = Date.now() - startedAt;
  // What is not judged yet would cost nothing.
  if (database) await untilJudged(database, new Date());
  return { lines, tookMs, seconds: processorSeconds(server.processId) - before, acknowledged };
}

/** A server of its own for each, so that both have the same behind them. */
async function measureWith(count: number, rate: number, forSeconds: number): Promise<Round> {
  const server = new TestServer();
  try {
    await server.start();
    for (const alert of watchedQueries(count)) await post(`${server.url}/api/logs/alerts/query`, alert);
    const database = count > 0 ? new pg.Client({ connectionString: server.databaseUrl() }) : null;
    try {
      await database?.connect();
      await measure(server, database, rate, WARM_UP_SECONDS);
      const round = await measure(server, database, rate, forSeconds);
      console.log(
        `${count} alerts: ${perMillion(round).toFixed(2)} s of processors a million lines (${round.lines} lines)`,
      );
      return round;
    } finally {
      await database?.end();
    }
  } finally {
    await server.remove();
  }
}

/**
 * Prints what the processors work for ingest with alerts on queries and without, server and database together: time of processors, which
 * others who use the machine change little.
 * @param forSeconds at least a minute, so that all windows end in it
 */
export async function measureQueryAlerts(count: number, rate: number, forSeconds: number): Promise<void> {
  const without = await measureWith(0, rate, forSeconds);
  print(count, without, await measureWith(count, rate, forSeconds));
}

/** All lines that were there at a time are taken, and the windows that were over. */
async function untilJudged(database: pg.Client, at: Date): Promise<void> {
  await until(
    database,
    `select not exists (select from logs.alert_queries where counted_in is null or judged_until < $1::timestamptz - interval '70 seconds')
       and exists (select from logs.alert_following where cardinality(ahead) = 0 and seen_at > $1::timestamptz) as ready`,
    [at],
  );
  const { rows } = await database.query<{ problem: string }>(
    "select problem from logs.alert_queries where problem is not null",
  );
  if (rows[0]) throw new Error(`an alert is not judged: ${rows[0].problem}`);
}

/** @param query of one row, which says whether it is ready */
async function until(database: pg.Client, query: string, values: unknown[] = []): Promise<void> {
  const deadline = Date.now() + CATCH_UP_MS;
  while (Date.now() < deadline) {
    const { rows } = await database.query<{ ready: boolean }>(query, values);
    if (rows[0]?.ready) return;
    await sleep(200);
  }
  throw new Error("alerts did not catch up");
}

const perMillion = ({ seconds, lines }: Round) => (seconds / lines) * MILLION;

function print(count: number, without: Round, having: Round): void {
  const rateOf = ({ lines, tookMs }: Round) => Math.round(lines / (tookMs / 1_000)).toLocaleString("en");
  console.log(
    `\n${count} alerts on different queries; lines a second: without ${rateOf(without)}, with ${rateOf(having)}`,
  );
  const row = (label: string, of: (round: Round) => number, unit: string) => {
    const [one, other] = [of(without), of(having)];
    console.log(
      `${label.padEnd(44)} without ${one.toFixed(2)} ${unit}, with ${other.toFixed(2)} ${unit}: ${(other / one).toFixed(2)}`,
    );
  };
  row("processors a million lines", perMillion, "s");
  row("acknowledgement of one line, median", ({ acknowledged }) => quantile(acknowledged, 0.5), "ms");
  row("acknowledgement of one line, p95", ({ acknowledged }) => quantile(acknowledged, 0.95), "ms");
}
