import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "@/bin/options";
import { HttpReceiver, MailReceiver } from "@/core/testing/receivers";
import { TestServer } from "@/e2e/server";
import { post } from "./post";
import { measureQueryAlerts } from "./query-alerts";
import { quantile } from "./statistics";
import { sendSteadily } from "./steady-load";

const values = readOptions(
  "npm run bench:alerts --",
  "How long alerts take from the line to the receiver, and what those on queries cost ingest.",
  {
    alerts: { type: "string", default: "40", value: "N", about: "alerts that are measured" },
    rate: { type: "string", default: "5000", value: "N", about: "lines a second meanwhile" },
    queries: {
      type: "string",
      default: "200",
      value: "N",
      about: "alerts on queries, whose cost is measured, at most 200; 0 for none",
    },
    seconds: { type: "string", default: "60", value: "N", about: "how long that is measured, with them and without" },
  },
);
const alerts = Number(values.alerts);
const rate = Number(values.rate);

/** Between two crossings. */
const PAUSE_MS = 500;
const GIVE_UP_MS = 30_000;

async function arrival<Received extends { at: number }>(
  received: readonly Received[],
  is: (one: Received) => boolean,
): Promise<number> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const found = received.find(is);
    if (found) return found.at;
    if (Date.now() > deadline) throw new Error("a notification did not arrive");
    await sleep(2);
  }
}

const server = new TestServer();
const receiver = new HttpReceiver();
const mail = new MailReceiver();
const stop = new AbortController();
if (alerts > 0) await measureDelivery();

async function measureDelivery(): Promise<void> {
  await Promise.all([receiver.start(), mail.start()]);
  try {
    await server.start({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1", SMTP_URL: mail.url });
    const loading = sendSteadily(server.url, rate, stop.signal);
    const started = Date.now();
    const times = { mail: [] as number[], webhook: [] as number[] };
    for (let index = 0; index < alerts; index++) {
      const service = `watched-${index}`;
      await post(`${server.url}/api/logs/alerts/config`, {
        service,
        error_threshold_per_min: 1,
        warning_threshold_per_min: 1,
        alert_email: "ops@example.com",
        alert_webhook_url: `${receiver.url}/${service}`,
      });
      const entry = { service, level: "error", message: "out of stock" };
      await post(`${server.url}/api/logs`, entry);
      await post(`${server.url}/api/logs`, entry);
      const acknowledged = Date.now();
      const [called, mailed] = await Promise.all([
        arrival(receiver.calls, ({ path }) => path === `/${service}`),
        arrival(mail.mails, ({ subject }) => subject?.includes(`in ${service},`) === true),
      ]);
      times.webhook.push(called - acknowledged);
      times.mail.push(mailed - acknowledged);
      await sleep(PAUSE_MS);
    }
    stop.abort();
    const sent = await loading;
    console.log(
      `${alerts} alerts while ${Math.round(sent / ((Date.now() - started) / 1_000)).toLocaleString("en")} lines/s came in.`,
    );
    console.log("From the acknowledgement of the line that crossed to the receiver, in ms:");
    for (const [channel, all] of Object.entries(times)) {
      console.log(`${channel.padEnd(8)} median ${quantile(all, 0.5)}, p99 ${quantile(all, 0.99)}`);
    }
  } finally {
    stop.abort();
    await server.remove();
    await Promise.all([receiver.stop(), mail.stop()]);
  }
}

/** What the issue asks for. */
const QUERY_RATE = 10_000;
if (Number(values.queries) > 0) await measureQueryAlerts(Number(values.queries), QUERY_RATE, Number(values.seconds));
