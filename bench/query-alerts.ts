import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { TestServer } from "@/e2e/server";
import { SERVICES } from "./generate-lines";
import { generateLines, inRequests, toBody } from "./lines";
import { post } from "./post";
import { processorSeconds } from "./process-time";
import { sendBodies } from "./send-bodies";
import { quantile } from "./statistics";
import { sendSteadily } from "./steady-load";

const WINDOWS = [1, 5, 15, 60];
const FULL_SPEED_LINES = 100_000;

/** Alerts as a team has them: for each service some, of counts, shares, distinct values, changes and silence. */
function alertsOf(count: number): object[] {
  const all = WINDOWS.flatMap((window_minutes) =>
    SERVICES.flatMap((service) => [
      {
        watch: "value",
        query: `service:${service} level>=error | stats count() as n by (http.status)`,
        threshold: 1e9,
      },
      {
        watch: "share",
        query: "level>=error",
        of: `service:${service}`,
        by: ["region"],
        threshold: 99,
        least_count: 5,
      },
      { watch: "value", query: `service:${service} "Slow response" | stats count() as n by (host)`, threshold: 1e9 },
      { watch: "value", query: `service:${service} http.status>=500 | stats count_distinct(host)`, threshold: 1e9 },
      { watch: "change", query: `service:${service} | stats count() as n`, against: "hour", threshold: 1e9 },
      { watch: "absence", query: `service:${service} level:info` },
      { watch: "value", query: `service:${service} charged | stats rate() as rate`, threshold: 1e9 },
    ]).map((alert) => ({ ...alert, window_minutes })),
  );
  return all.slice(0, count).map((alert, index) => ({ ...alert, name: `alert ${index}` }));
}

type Round = { seconds: number; acknowledged: number[]; perSecond: number };

/** What ingest costs the processors at a steady rate, and how fast it is at its fastest. */
async function measure(server: TestServer, rate: number, seconds: number): Promise<Round> {
  const stop = new AbortController();
  const acknowledged: number[] = [];
  const before = processorSeconds(server.processId);
  const loading = sendSteadily(server.url, rate, stop.signal);
  const until = Date.now() + seconds * 1_000;
  while (Date.now() < until) {
    const started = performance.now();
    await post(`${server.url}/api/logs`, { service: "probe", level: "info", message: "one line" });
    acknowledged.push(performance.now() - started);
    await sleep(100);
  }
  stop.abort();
  const sent = await loading;
  const used = processorSeconds(server.processId) - before;
  const bodies = [...inRequests(generateLines(FULL_SPEED_LINES, Date.now() - 60_000, Date.now()))].map(toBody);
  const started = performance.now();
  await sendBodies(server.url, bodies, 4);
  const perSecond = FULL_SPEED_LINES / ((performance.now() - started) / 1_000);
  return { seconds: (used / sent) * rate, acknowledged, perSecond };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Prints what alerts on queries cost ingest: the same load without and with them, in turns. */
export async function measureQueryAlerts(count: number, rate: number, seconds: number): Promise<void> {
  const server = new TestServer();
  try {
    await server.start();
    for (const alert of alertsOf(count)) await post(`${server.url}/api/logs/alerts/query`, alert);
    const database = new pg.Client({ connectionString: server.databaseUrl() });
    await database.connect();
    const rounds: Record<"without" | "with", Round[]> = { without: [], with: [] };
    try {
      await measure(server, rate, 5);
      for (const kind of ["without", "with", "with", "without"] as const) {
        const isOn = kind === "with";
        await database.query(
          "update logs.alert_queries set enabled = $1, counted_in = null, valid_from = now(), judged_until = now()",
          [isOn],
        );
        // What came before the alerts is read once, and what was sent at full speed is taken, before the clock runs.
        await caughtUp(database, isOn);
        const round = await measure(server, rate, seconds);
        console.log(
          `${kind} alerts: ${round.seconds.toFixed(3)} processor seconds a second, ${Math.round(round.perSecond)} lines/s at full speed`,
        );
        rounds[kind].push(round);
      }
      const judged = await database.query<{ windows: string; problems: string }>(
        "select count(*) filter (where problem is not null) as problems, min(judged_until)::text as windows from logs.alert_queries",
      );
      print(count, rate, rounds);
      console.log(`Alerts with a problem: ${judged.rows[0]?.problems}`);
    } finally {
      await database.end();
    }
  } finally {
    await server.remove();
  }
}

async function caughtUp(database: pg.Client, isOn: boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { rows } = await database.query<{ ready: boolean }>(
      isOn
        ? `select not exists (select from logs.alert_queries where counted_in is null and problem is null) and coalesce(
             (select cardinality(ahead) = 0 and seen_at > now() - interval '10 seconds' from logs.alert_following), false) as ready`
        : "select coalesce((select seen is null from logs.alert_following), true) as ready",
    );
    if (rows[0]?.ready) return;
    await sleep(500);
  }
  throw new Error("alerts did not catch up");
}

function print(count: number, rate: number, rounds: Record<"without" | "with", Round[]>): void {
  const of = (kind: "without" | "with") => ({
    seconds: mean(rounds[kind].map(({ seconds }) => seconds)),
    median: quantile(
      rounds[kind].flatMap(({ acknowledged }) => acknowledged),
      0.5,
    ),
    slow: quantile(
      rounds[kind].flatMap(({ acknowledged }) => acknowledged),
      0.95,
    ),
    perSecond: mean(rounds[kind].map(({ perSecond }) => perSecond)),
  });
  const [without, having] = [of("without"), of("with")];
  console.log(`\n${count} alerts on queries while ${rate.toLocaleString("en")} lines/s came in:`);
  const row = (label: string, one: number, other: number, unit: string, digits = 2) =>
    console.log(
      `${label.padEnd(44)} without ${one.toFixed(digits)} ${unit}, with ${other.toFixed(digits)} ${unit}: ${(other / one).toFixed(2)}`,
    );
  row("processor seconds a second, server and database", without.seconds, having.seconds, "s", 3);
  row("acknowledgement of one line, median", without.median, having.median, "ms");
  row("acknowledgement of one line, p95", without.slow, having.slow, "ms");
  row("lines a second at full speed", without.perSecond, having.perSecond, "", 0);
}
