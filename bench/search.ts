import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readOptions } from "@/bin/options";
import { DAY_MS, systemClock } from "@/core/clock";
import type { Context } from "@/core/context";
import { runJob } from "@/core/jobs/run-job";
import { indexPartitions } from "@/core/retention/index-partitions";
import { databaseOf } from "@/db/client";
import { TestServer } from "@/e2e/server";
import { generateLines, inRequests, toBody } from "./lines";
import { sendBodies } from "./send-bodies";
import { quantile, timed } from "./statistics";

const values = readOptions("npm run bench:search --", "How fast searches answer.", {
  lines: { type: "string", default: "10000000", value: "N", about: "entries that are stored" },
  days: { type: "string", default: "7", value: "N", about: "days over which they lie" },
  requests: { type: "string", default: "30", value: "N", about: "requests of each kind" },
});
const lines = Number(values.lines);
const days = Number(values.days);
const requests = Number(values.requests);

const CONNECTIONS = 4;
const SCANS = 3;
/** A line that stands once, some hours ago. */
const NEEDLE = "needle-7f3a91";
const MESSAGE = 'lower(message collate "pg_c_utf8")';

const OPEN_LINES = `
  select coalesce(sum(greatest(reltuples, 0)), 0)::bigint as lines from pg_partition_tree('logs.logs') join pg_class on oid = relid
  where isleaf and to_regclass('logs.' || relname || '_words') is null`;

type Kind = {
  name: string;
  q: string;
  days: number;
  /** The same by a plain scan: condition of the reference. */
  where: string;
};

const KINDS: readonly Kind[] = [
  { name: "no filter", q: "", days, where: "true" },
  { name: "service", q: "service:checkout", days, where: "service = 'checkout'" },
  {
    name: "service + level",
    q: "service:checkout level:fatal",
    days,
    where: "service = 'checkout' and level = 'fatal'",
  },
  { name: "common word", q: "completed", days, where: `${MESSAGE} like '%completed%'` },
  { name: "phrase", q: '"too many clients"', days, where: `${MESSAGE} like '%too many clients%'` },
  { name: "attribute", q: "http.status:500", days, where: "attributes -> 'http' ->> 'status' = '500'" },
  { name: "regex", q: "/order [0-9]+ could not/", days, where: `${MESSAGE} ~ 'order [0-9]+ could not'` },
  { name: "rare word, 24 h", q: NEEDLE, days: 1, where: `${MESSAGE} like '%${NEEDLE}%'` },
  { name: "nothing found", q: "no-such-word-anywhere", days, where: `${MESSAGE} like '%no-such-word-anywhere%'` },
];

function* bodies(): Generator<Buffer> {
  const now = Date.now();
  let sent = 0;
  for (const group of inRequests(generateLines(lines, now - days * DAY_MS, now))) {
    yield toBody(group);
    sent += group.length;
    if (sent % 1_000_000 === 0) process.stderr.write(`  ${sent.toLocaleString("en")} lines sent\n`);
  }
  const needle = { service: "checkout", level: "info", message: `found the ${NEEDLE}`, timestamp: now - 5 * 3_600_000 };
  yield Buffer.from(JSON.stringify(needle));
}

/** As the server's own job does it, and not beside it. */
async function index(context: Context): Promise<void> {
  for (;;) {
    const { status } = await runJob(context, "index-partitions", context.clock.now(), () => indexPartitions(context));
    if (status === "success") return;
    await sleep(1_000);
  }
}

const server = new TestServer();
const pool = { current: null as pg.Pool | null };
try {
  await server.start();
  console.error(`Sending ${lines.toLocaleString("en")} lines of ${days} days ...`);
  await sendBodies(server.url, bodies(), CONNECTIONS);
  pool.current = new pg.Pool({ connectionString: server.databaseUrl() });
  const { current } = pool;
  const indexing = await timed(() => index({ db: databaseOf(current), clock: systemClock }));
  await current.query("vacuum analyze");
  const open = await current.query<{ lines: string }>(OPEN_LINES);
  console.log(
    `Indexing the closed parts of days took ${(indexing / 1_000).toFixed(1)} s; ${Number(open.rows[0]?.lines).toLocaleString("en")} lines are in an open part.`,
  );
  console.log(
    `Newest 100 by HTTP, median / p99 in ms of ${requests}, beside the median of ${SCANS} plain scans in SQL:\n`,
  );
  for (const { name, q, days: length, where } of KINDS) {
    const to = new Date();
    const from = new Date(to.getTime() - length * DAY_MS);
    const query = new URLSearchParams({ q, from: from.toISOString(), to: to.toISOString(), limit: "100" });
    const times: number[] = [];
    let found = 0;
    for (let request = 0; request < requests + 2; request++) {
      const time = await timed(async () => {
        const response = await fetch(`${server.url}/api/logs?${query}`);
        const answer: { data: { entries: unknown[]; timed_out: boolean } } = JSON.parse(await response.text());
        if (response.status !== 200 || answer.data.timed_out)
          throw new Error(`${name}: ${response.status}, or out of time`);
        found = answer.data.entries.length;
      });
      if (request >= 2) times.push(time);
    }
    const scans: number[] = [];
    for (let scan = 0; scan < SCANS; scan++) {
      scans.push(
        await timed(() =>
          current.query(
            `select * from (select * from logs.logs where timestamp >= $1 and timestamp < $2 and ${where} offset 0) as scanned
             order by timestamp desc, id desc limit 100`,
            [from, to],
          ),
        ),
      );
    }
    const text = `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
    console.log(
      `${name.padEnd(18)}${text.padStart(16)}   scan ${quantile(scans, 0.5).toFixed(0).padStart(6)}   ${found} found`,
    );
  }
} finally {
  await pool.current?.end();
  await server.remove();
}
