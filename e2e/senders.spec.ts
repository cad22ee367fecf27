import { once } from "node:events";
import { Client } from "@elastic/elasticsearch";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter as JsonExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from "@opentelemetry/sdk-logs";
import pino from "pino";
import { pinoLoki } from "pino-loki";
import { MINUTE_MS } from "@/core/clock";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** The programs themselves send: what they are told, and what is found of it. */

const server = new SenderServer();
const entriesOf = (service: string) => server.entriesOf(service);
const momentOf = (entry: Record<string, unknown> | undefined) => new Date(String(entry?.timestamp)).getTime();

test("given pino with pino-loki, then its lines are found with level, labels and members", async () => {
  const stream = pinoLoki({
    host: server.url,
    basicAuth: { username: "cordwood", password: server.key },
    labels: { application: "checkout" },
    batching: false,
  });
  const at = Date.now() - MINUTE_MS;
  const logger = pino({ level: "debug", timestamp: () => `,"time":${at}` }, stream);
  logger.info({ order: 42 }, "order placed");
  logger.error({ err: new Error("declined") }, "card declined");

  await expect.poll(() => entriesOf("checkout"), { timeout: 20_000 }).toHaveLength(2);
  const [failed, placed] = (await entriesOf("checkout")).sort((a) => (a.level === "error" ? -1 : 1));
  expect(placed).toMatchObject({
    level: "info",
    message: "order placed",
    attributes: { order: 42, application: "checkout" },
  });
  expect(failed).toMatchObject({
    level: "error",
    message: "card declined",
    attributes: { err: { message: "declined" } },
  });
  expect([placed, failed].map(momentOf)).toEqual([at, at]);
  stream.end();
  await once(stream, "close");
});

const records = (exporter: LogRecordExporter) => {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "payments", "host.name": "a1" }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  return { provider, logger: provider.getLogger("my.library", "2.0.0") };
};

for (const [encoding, Exporter] of [
  ["protocol buffers", ProtobufExporter],
  ["JSON", JsonExporter],
] as const) {
  test(`given OpenTelemetry's SDK in ${encoding}, then records are found with their time, level, resource and attributes`, async () => {
    const headers = { authorization: server.authorization };
    const { provider, logger } = records(new Exporter({ url: `${server.url}/v1/logs`, headers }));
    const at = new Date(Date.now() - MINUTE_MS);
    const message = `charged by ${encoding}`;
    logger.emit({
      timestamp: at,
      severityNumber: SeverityNumber.WARN2,
      body: message,
      attributes: { "http.status": 502, ratio: 0.5, retried: true, tries: ["a", "b"] },
    });
    await provider.shutdown();

    const entry = (await entriesOf("payments")).find((one) => one.message === message);
    expect(entry).toMatchObject({
      level: "warning",
      attributes: {
        "http.status": 502,
        ratio: 0.5,
        retried: true,
        tries: ["a", "b"],
        resource: { "service.name": "payments", "host.name": "a1" },
        scope: { name: "my.library", version: "2.0.0" },
      },
    });
    expect(momentOf(entry)).toBe(at.getTime());
  });
}

test("given Elasticsearch's client, when it sends a bulk, then each document is an entry, and one that can't be is told by itself", async () => {
  const client = new Client({ node: `${server.url}/elasticsearch`, auth: { apiKey: server.key } });
  const dropped: unknown[] = [];
  const at = Date.now() - MINUTE_MS;
  const documents = [
    {
      "@timestamp": new Date(at).toISOString(),
      message: "started",
      log: { level: "warn" },
      service: { name: "es-app" },
    },
    { "@timestamp": "1999-01-01T00:00:00Z", message: "too old", service: { name: "es-app" } },
    { "@timestamp": new Date(at).toISOString(), message: "of the index" },
  ];
  const result = await client.helpers.bulk({
    datasource: documents,
    onDocument: () => ({ create: { _index: "logs-of-es" } }),
    onDrop: ({ error }) => void dropped.push(error?.reason),
    retries: 1,
  });

  expect(result).toMatchObject({ total: 3, failed: 1, successful: 2 });
  expect(dropped).toEqual([expect.stringContaining("days ago")]);
  expect(await entriesOf("es-app")).toMatchObject([{ level: "warning", message: "started" }]);
  expect(await entriesOf("logs-of-es")).toMatchObject([{ message: "of the index" }]);
  for (const service of ["es-app", "logs-of-es"]) expect(momentOf((await entriesOf(service))[0])).toBe(at);
  expect(await client.info()).toMatchObject({ tagline: expect.any(String) });
  await client.close();
});

test("given documents with ids that come again, then each is stored once, and Elasticsearch's client is told so", async () => {
  const client = new Client({ node: `${server.url}/elasticsearch`, auth: { apiKey: server.key } });
  const document = { message: "m", service: "es-ids" };
  const send = async (action: "create" | "index") => {
    const { errors, items } = await client.bulk({
      operations: [
        { [action]: { _index: "i", _id: "1" } },
        document,
        { [action]: { _index: "j", _id: "1" } },
        document,
      ],
    });
    return { errors, statuses: items.map((item) => item[action]?.status) };
  };

  expect(await send("create")).toEqual({ errors: false, statuses: [201, 201] });
  expect(await send("create")).toEqual({ errors: true, statuses: [409, 409] });
  expect(await send("index")).toEqual({ errors: false, statuses: [200, 200] });
  await expect(client.create({ index: "i", id: "1", document })).rejects.toThrow("version_conflict_engine_exception");
  expect(await client.index({ index: "i", id: "1", document })).toMatchObject({ result: "updated" });
  expect(await client.index({ index: "i", document })).toMatchObject({ result: "created" });
  expect(await entriesOf("es-ids")).toHaveLength(3);
  await client.close();
});

test("given what rsyslog's omelasticsearch sends by itself, then it is stored, and no status in the answer says otherwise", async () => {
  const headers = { authorization: `ApiKey ${server.key}`, "content-type": "application/json" };
  const body = JSON.stringify({ message: "card declined", severity: "err", service: "es-rsyslog" });
  const response = await fetch(`${server.url}/elasticsearch/system/events`, { method: "POST", headers, body });

  expect([response.status, await response.json()]).toEqual([
    201,
    { _index: "system", _id: "0", _version: 1, result: "created" },
  ]);
  expect(await entriesOf("es-rsyslog")).toMatchObject([{ level: "error", message: "card declined" }]);
});

test("given a wrong key, then each client is told in its own form that it is not let in", async () => {
  const client = new Client({ node: `${server.url}/elasticsearch`, auth: { apiKey: "wrong" }, maxRetries: 0 });
  const refused = client.bulk({ operations: [{ create: { _index: "i" } }, { message: "m" }] });
  await expect(refused).rejects.toThrow("security_exception");
  await client.close();

  const headers = { authorization: "Bearer wrong" };
  const { provider, logger } = records(new ProtobufExporter({ url: `${server.url}/v1/logs`, headers }));
  logger.emit({ body: "not let in" });
  await provider.shutdown();
  expect((await entriesOf("payments")).map(({ message }) => message)).not.toContain("not let in");

  const body = JSON.stringify({ streams: [{ stream: { app: "a" }, values: [["1", "m"]] }] });
  const loki = await fetch(`${server.url}/loki/api/v1/push`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body,
  });
  expect([loki.status, await loki.text()]).toEqual([401, "the API key is unknown, has expired or was revoked\n"]);
});
