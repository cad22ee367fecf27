import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "@/bin/options";
import { TestServer } from "@/e2e/server";
import { type EventClient, openClients } from "./event-clients";
import { generateLines, inRequests, toBody } from "./lines";
import { post } from "./post";
import { residentMemory } from "./process-memory";
import { sendBodies } from "./send-bodies";
import { median, quantile, timed } from "./statistics";
import { sendSteadily } from "./steady-load";

const values = readOptions("npm run bench:realtime --", "How soon open pages see what is sent.", {
  streams: { type: "string", default: "1000", value: "N", about: "streams of the dashboard" },
  tails: { type: "string", default: "100", value: "N", about: "live tails" },
  rate: { type: "string", default: "2000", value: "N", about: "lines a second meanwhile" },
  probes: { type: "string", default: "40", value: "N", about: "lines whose way is timed" },
  lines: { type: "string", default: "500000", value: "N", about: "lines that are stored before" },
  rounds: { type: "string", default: "5", value: "N", about: "rounds of sending with and without streams" },
});
const streams = Number(values.streams);
const tails = Number(values.tails);
const rate = Number(values.rate);
const probes = Number(values.probes);
const lines = Number(values.lines);
const rounds = Number(values.rounds);

const KIB = 1024;
const MIB = 1024 * KIB;
const CONNECTIONS = 8;
const PAUSE_MS = 400;
const SETTLE_MS = 3_000;

/** What the tails ask for, which every probe meets: everything, a level, a service, and words of their own. */
const queryOf = (tail: number) =>
  ["", "level>=warning", "service:checkout", `probe OR word-${tail}`][tail % 10 === 0 ? 0 : 1 + (tail % 3)] ?? "";

const tailUrls = (url: string) =>
  Array.from({ length: tails }, (_, tail) => `${url}/api/logs/tail?q=${encodeURIComponent(queryOf(tail))}`);
const streamUrls = (url: string) => Array.from({ length: streams }, () => `${url}/api/logs/stream?view=overview`);

/** From the acknowledgement of what is sent until each client has what comes of it, in ms. */
async function latencies(clients: readonly EventClient[], token: string, send: () => Promise<void>): Promise<number[]> {
  const arrivals = clients.map((client) => client.wait(token));
  await send();
  const acknowledged = performance.now();
  return (await Promise.all(arrivals)).map((arrived) => Math.max(0, arrived - acknowledged));
}

const told = (times: readonly number[]) =>
  `median ${quantile(times, 0.5).toFixed(0)}, p99 ${quantile(times, 0.99).toFixed(0)} ms`;

const server = new TestServer();
const stop = new AbortController();
try {
  await server.start();
  const bodies = [...inRequests(generateLines(lines, Date.now() - 60_000, Date.now()))].map(toBody);
  console.log("Warming up ...");
  await sendBodies(server.url, bodies.slice(0, 20), CONNECTIONS);

  const ingest = { alone: [] as number[], watched: [] as number[] };
  for (let round = 1; round <= rounds; round++) {
    ingest.alone.push(await timed(() => sendBodies(server.url, bodies, CONNECTIONS)));
    const watching = await openClients([...streamUrls(server.url), ...tailUrls(server.url)]);
    await sleep(SETTLE_MS);
    ingest.watched.push(await timed(() => sendBodies(server.url, bodies, CONNECTIONS)));
    for (const client of watching) client.close();
    await sleep(SETTLE_MS);
    const [alone, watched] = [ingest.alone.at(-1) ?? 0, ingest.watched.at(-1) ?? 0];
    console.log(`round ${round}: ingest alone ${alone.toFixed(0)} ms, watched ${watched.toFixed(0)} ms`);
  }

  const idle = residentMemory(server.processId);
  const streaming = await openClients(streamUrls(server.url));
  const tailing = await openClients(tailUrls(server.url));
  await sleep(SETTLE_MS);
  const connected = residentMemory(server.processId);

  const loading = sendSteadily(server.url, rate, stop.signal);
  const started = performance.now();
  await sleep(SETTLE_MS);
  const before = tailing.reduce((sum, { bytes }) => sum + bytes, 0);
  const logs: number[] = [];
  const alerts: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    const token = `probe-${String(probe).padStart(5, "0")}`;
    const entry = { service: "checkout", level: "fatal", message: `${token} completed` };
    logs.push(...(await latencies(tailing, token, () => post(`${server.url}/api/logs`, entry))));
    if (probe % 4 === 0) {
      const service = `watched-${probe}`;
      const thresholds = { error_threshold_per_min: 1, warning_threshold_per_min: 1 };
      await post(`${server.url}/api/logs/alerts/config`, { service, ...thresholds });
      const errors = Array.from({ length: 2 }, () => ({ service, level: "error", message: "out of stock" }));
      const opened = `"change":"opened","incident":{"id":${1 + probe / 4},`;
      alerts.push(...(await latencies(streaming, opened, () => post(`${server.url}/api/logs`, errors))));
    }
    await sleep(PAUSE_MS);
  }
  const received = tailing.reduce((sum, { bytes }) => sum + bytes, 0) - before;
  stop.abort();
  const sent = await loading;
  const seconds = (performance.now() - started) / 1_000;
  const loaded = residentMemory(server.processId);

  console.log(
    `\n${streams} streams and ${tails} tails at ${Math.round(sent / seconds).toLocaleString("en")} lines/s; the tails got ${(received / MIB / seconds).toFixed(1)} MiB/s.`,
  );
  console.log(`From the acknowledgement of a line to the tails: ${told(logs)}`);
  console.log(`From the acknowledgement of the line that crossed to the alert at the streams: ${told(alerts)}`);
  if (idle !== null && connected !== null && loaded !== null) {
    const each = (bytes: number) => `${((bytes - idle) / (streams + tails) / KIB).toFixed(0)} KiB`;
    console.log(
      `Memory of the server: ${Math.round(idle / MIB)} MiB without clients, with them ${Math.round(connected / MIB)} MiB (${each(connected)} a client), after the load ${Math.round(loaded / MIB)} MiB (${each(loaded)})`,
    );
  }
  const ratio = median(ingest.alone) / median(ingest.watched);
  console.log(
    `Ingest at full speed with all of them watching: ${ratio.toFixed(2)} of what it is alone (${((1 - ratio) * 100).toFixed(1)} % less)`,
  );
} finally {
  stop.abort();
  await server.remove();
}
