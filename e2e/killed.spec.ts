import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@elastic/elasticsearch";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import pg from "pg";
import { z } from "zod";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** Senders over HTTP while the server is killed and started again: what was acknowledged is stored, and once where the sender gives ids. */

const server = new SenderServer();
const PAUSE_MS = 50;

/** Sends until it is told to stop, and says what was acknowledged; what was not is sent again, as shippers do. */
type Sender = { acknowledged: string[]; send(messages: readonly string[]): Promise<boolean>; end?(): Promise<unknown> };

function lokiSender(): Sender {
  return {
    acknowledged: [],
    async send(messages) {
      const values = messages.map((message) => [`${Date.now()}000000`, message]);
      const headers = { authorization: server.authorization, "content-type": "application/json" };
      const body = JSON.stringify({ streams: [{ stream: { app: "killed-loki" }, values }] });
      const response = await fetch(`${server.url}/loki/api/v1/push`, { method: "POST", headers, body });
      return response.status === 204;
    },
  };
}

function elasticsearchSender(): Sender {
  const client = new Client({ node: `${server.url}/elasticsearch`, auth: { apiKey: server.key }, maxRetries: 0 });
  return {
    acknowledged: [],
    async send(messages) {
      const statuses: number[] = [];
      await client.helpers.bulk({
        datasource: messages.map((message) => ({ message, service: "killed-elasticsearch" })),
        onDocument: ({ message }) => ({ create: { _index: "killed", _id: message } }),
        onDrop: ({ status }) => void statuses.push(status),
        retries: 0,
      });
      // What was stored before its acknowledgement got lost conflicts with itself.
      return statuses.every((status) => status === 409);
    },
    end: () => client.close(),
  };
}

function openTelemetrySender(): Sender {
  const headers = { authorization: server.authorization };
  const exporter = new OTLPLogExporter({ url: `${server.url}/v1/logs`, headers, timeoutMillis: 2_000 });
  let isSent = true;
  const watched: LogRecordExporter = {
    export: (records, done) =>
      exporter.export(records, (result) => {
        isSent &&= result.code === 0;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "killed-otlp" }),
    processors: [new BatchLogRecordProcessor({ exporter: watched })],
  });
  const logger = provider.getLogger("killed");
  return {
    acknowledged: [],
    async send(messages) {
      isSent = true;
      for (const message of messages) logger.emit({ body: message });
      await provider.forceFlush();
      return isSent;
    },
    end: () => provider.shutdown(),
  };
}

const storedSchema = z.array(z.object({ service: z.string(), message: z.string(), count: z.number() }));

test("given the server killed while Loki's, Elasticsearch's and OpenTelemetry's senders send, then nothing acknowledged is missing, and nothing with an id is double", async () => {
  test.setTimeout(300_000);
  const senders = { loki: lokiSender(), elasticsearch: elasticsearchSender(), otlp: openTelemetrySender() };
  let isRunning = true;
  const sending = Object.entries(senders).map(async ([name, sender]) => {
    for (let batch = 0; isRunning; batch++) {
      const messages = Array.from({ length: 20 }, (_, index) => `${name} ${batch}/${index}`);
      // The connection breaks, or the server isn't there yet.
      while (isRunning && !(await sender.send(messages).catch(() => false))) await sleep(PAUSE_MS);
      if (isRunning) sender.acknowledged.push(...messages);
    }
  });
  const more = async (count: number) => {
    const before = Object.values(senders).map(({ acknowledged }) => acknowledged.length);
    const least = () =>
      Math.min(...Object.values(senders).map(({ acknowledged }, place) => acknowledged.length - (before[place] ?? 0)));
    await expect.poll(least, { intervals: [20], timeout: 100_000 }).toBeGreaterThan(count);
  };
  for (let kill = 0; kill < 2; kill++) {
    await more(200);
    await server.end("SIGKILL");
    await server.begin();
  }
  await more(20);
  isRunning = false;
  await Promise.all(sending);
  for (const { end } of Object.values(senders)) await end?.();

  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const { rows } = await client.query(
    "select service, message, count(*)::int as count from logs.logs where service like 'killed-%' group by 1, 2",
  );
  const counted = await client.query<{ count: number }>(
    "select sum(count)::int as count from logs.stats_minute where service like 'killed-%'",
  );
  await client.end();
  const stored = storedSchema.parse(rows);
  const messages = new Set(stored.map(({ message }) => message));
  for (const { acknowledged } of Object.values(senders))
    expect(acknowledged.filter((message) => !messages.has(message))).toEqual([]);
  expect(stored.filter(({ service, count }) => service === "killed-elasticsearch" && count !== 1)).toEqual([]);
  expect(counted.rows).toEqual([{ count: stored.reduce((sum, { count }) => sum + count, 0) }]);
});
