import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "@elastic/elasticsearch";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import pg from "pg";
import { z } from "zod";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** Senders while the server is killed and started again: what was acknowledged is stored, and once where the sender gives ids. */

const server = new SenderServer({ CORDWOOD_SYSLOG_PORT: "0", CORDWOOD_GELF_PORT: "0" });
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

const httpSender = (
  path: string,
  headers: () => Record<string, string>,
  bodyOf: (messages: readonly string[]) => string,
): Sender => ({
  acknowledged: [],
  async send(messages) {
    const body = bodyOf(messages);
    const response = await fetch(`${server.url}${path}`, { method: "POST", headers: headers(), body });
    await response.arrayBuffer();
    return response.ok;
  },
});

const splunkSender = () =>
  httpSender(
    "/services/collector/event",
    () => ({ authorization: `Splunk ${server.key}` }),
    (messages) => messages.map((event) => JSON.stringify({ event, index: "killed-splunk" })).join(""),
  );

const clefSender = () =>
  httpSender(
    "/ingest/clef",
    () => ({ "x-seq-apikey": server.key, "content-type": "application/vnd.serilog.clef" }),
    (messages) =>
      messages
        .map((message) => JSON.stringify({ "@t": new Date().toISOString(), "@m": message, Application: "killed-clef" }))
        .join("\n"),
  );

const storedSchema = z.array(z.object({ service: z.string(), message: z.string(), count: z.number() }));

test("given the server killed while senders of Loki, Elasticsearch, OpenTelemetry, Splunk and Seq send, then nothing acknowledged is missing, and nothing with an id is double", async () => {
  test.setTimeout(300_000);
  const senders = {
    loki: lokiSender(),
    elasticsearch: elasticsearchSender(),
    otlp: openTelemetrySender(),
    splunk: splunkSender(),
    clef: clefSender(),
  };
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

/** A program that logs over TCP: it connects again when its connection is gone, and never sends a message twice. */
class TcpSender {
  /** Of the next message. */
  next = 0;
  /** Of the first message of the connection that it has. */
  firstOfConnection = 0;
  private isRunning = true;
  private readonly running: Promise<void>;

  /** @param messageOf what it sends, with a number as its message */
  constructor(
    private readonly listener: string,
    private readonly messageOf: (number: number) => string,
  ) {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      const listens = new RegExp(`^${this.listener} listens on .*:(\\d+)$`, "m");
      const port = Number(listens.exec(server.output)?.[1] ?? 0);
      const socket = net.connect(port, "127.0.0.1").resume();
      const closed = new Promise((resolve) => socket.on("error", () => undefined).once("close", resolve));
      this.firstOfConnection = this.next;
      while (this.isRunning && !socket.destroyed) {
        if (!socket.connecting) socket.write(Array.from({ length: 20 }, () => this.messageOf(this.next++)).join(""));
        await sleep(10);
      }
      socket.end();
      await closed;
    }
  }

  /** Resolves when the server has closed the connection, which it does when all that came over it is stored. */
  stop(): Promise<void> {
    this.isRunning = false;
    return this.running;
  }
}

for (const { name, listener, service, messageOf } of [
  {
    name: "syslog",
    listener: "syslog_tcp",
    service: "killed-syslog",
    messageOf: (number: number) => `<14>1 - host killed-syslog - - [cordwood@32473 token="${server.key}"] ${number}\n`,
  },
  {
    name: "GELF",
    listener: "gelf_tcp",
    service: "killed-gelf",
    messageOf: (number: number) =>
      `${JSON.stringify({ version: "1.1", host: "h", short_message: String(number), _app: "killed-gelf", _token: server.key })}\0`,
  },
]) {
  test(`given the server killed while a program sends ${name} over TCP, then what was stored stays, nothing is double, and it goes on`, async () => {
    test.setTimeout(300_000);
    const query = async (text: string) => {
      const client = new pg.Client({ connectionString: server.databaseUrl() });
      await client.connect();
      const { rows } = await client.query(text);
      await client.end();
      return rows;
    };
    const stored = async () => {
      const rows = await query(`select message::int as number from logs.logs where service = '${service}' order by 1`);
      return z
        .array(z.object({ number: z.number() }))
        .parse(rows)
        .map(({ number }) => number);
    };
    const sender = new TcpSender(listener, messageOf);
    /** Lines that are sent from now on are stored. */
    const goesOn = async () => {
      const from = sender.next;
      const after = async () => (await stored()).filter((number) => number >= from).length;
      await expect.poll(after, { timeout: 60_000 }).toBeGreaterThan(200);
    };
    for (let kill = 0; kill < 2; kill++) {
      await goesOn();
      const before = await stored();
      await server.end("SIGKILL");
      await server.begin();
      const after = new Set(await stored());
      expect(before.filter((number) => !after.has(number))).toEqual([]);
    }
    await goesOn();
    await sender.stop();

    const numbers = await stored();
    const all = new Set(numbers);
    expect(numbers).toHaveLength(all.size);
    // Nothing is acknowledged: what was on its way when the server was killed is lost. Over a connection that stays nothing is.
    const last = Array.from(
      { length: sender.next - sender.firstOfConnection },
      (_, place) => sender.firstOfConnection + place,
    );
    expect(last.filter((number) => !all.has(number))).toEqual([]);
    const counted = await query(`select sum(count)::int as count from logs.stats_minute where service = '${service}'`);
    expect(counted).toEqual([{ count: numbers.length }]);
  });
}
