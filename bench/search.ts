import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readOptions } from "@/bin/options";
import { DAY_MS, systemClock } from "@/core/clock";
import { runJob } from "@/core/jobs/run-job";
import type { SealContext } from "@/core/segments/seal-context";
import { sealSegments } from "@/core/segments/seal-segments";
import { createSegments } from "@/core/segments/segments";
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
const MEMORY_BYTES = 256 * 1024 * 1024;
/** A line that stands once, some hours ago. */
const NEEDLE = "needle-7f3a91";
/** Bytes on disk by part, in all. */
const BYTES = `
  select coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname like 'logs\\_2%'), 0)::float8 as hot,
    coalesce((select sum(bytes) from logs.segments), 0)::float8 as segments,
    pg_total_relation_size('logs.segments')::float8 + pg_total_relation_size('logs.segment_blocks') as filters,
    coalesce(sum(pg_total_relation_size(c.oid)) filter (where c.relname ~ '^(stats|pattern|services)'), 0)::float8 as counts
  from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'logs' and relkind in ('r')`;

type Kind = {
  name: string;
  q: string;
  days: number;
};

const KINDS: readonly Kind[] = [
  { name: "no filter", q: "", days },
  { name: "service", q: "service:checkout", days },
  {
    name: "service + level",
    q: "service:checkout level:fatal",
    days,
  },
  { name: "common word", q: "completed", days },
  { name: "phrase", q: '"too many clients"', days },
  { name: "attribute", q: "http.status:500", days },
  { name: "regex", q: "/order [0-9]+ could not/", days },
  { name: "rare word, 24 h", q: NEEDLE, days: 1 },
  { name: "nothing found", q: "no-such-word-anywhere", days },
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
async function seal(context: SealContext): Promise<void> {
  for (;;) {
    const done = await runJob(context, "seal-segments", context.clock.now(), () => sealSegments(context));
    if (done.status === "success") return;
    await sleep(1_000);
  }
}

const server = new TestServer();
const pool = { current: null as pg.Pool | null };
try {
  await server.start();
  console.error(`Sending ${lines.toLocaleString("en")} lines of ${days} days ...`);
  const sending = await timed(() => sendBodies(server.url, bodies(), CONNECTIONS));
  const current = new pg.Pool({ connectionString: server.databaseUrl() });
  pool.current = current;
  const folder = path.join(server.folder, "segments");
  const segments = createSegments({ folder, scratch: path.join(server.folder, "scratch"), memoryBytes: MEMORY_BYTES });
  const sealing = await timed(() => seal({ db: databaseOf(current), pool: current, clock: systemClock, segments }));
  segments.duck.close();
  await current.query("vacuum analyze");
  const { rows } = await current.query<Record<string, number>>(BYTES);
  const perMillion = Object.entries(rows[0] ?? {}).map(([part, bytes]) => `${part} ${(bytes / lines).toFixed(1)} MB`);
  const all = Object.values(rows[0] ?? {}).reduce((sum, bytes) => sum + bytes, 0);
  const stored = await current.query<{ hot: number; sealed: number; files: number }>(
    "select (select count(*)::int from logs.logs) as hot, (select sum(rows)::int from logs.segments) as sealed, (select count(*)::int from logs.segments) as files",
  );
  console.log(
    `Ingest took ${(sending / 1_000).toFixed(1)} s (sealing beside it), then sealing ${(sealing / 1_000).toFixed(1)} s; ${JSON.stringify(stored.rows[0])}.\n` +
      `On disk per million lines: ${(all / lines).toFixed(1)} MB (${perMillion.join(", ")}).`,
  );
  console.log(`Newest 100 by HTTP, median / p99 in ms of ${requests}:\n`);
  for (const { name, q, days: length } of KINDS) {
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
    const text = `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
    console.log(`${name.padEnd(18)}${text.padStart(16)}   ${found} found`);
  }
} finally {
  await pool.current?.end();
  await server.remove();
}
