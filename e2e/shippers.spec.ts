import { once } from "node:events";
import { gzipSync } from "node:zlib";
import pino from "pino";
import pinoElasticsearch from "pino-elasticsearch";
import { createStream } from "pino-seq";
import { Logger as SeqLogger } from "seq-logging";
import { Logger as SplunkLogger } from "splunk-logging";
import winston from "winston";
import Log2gelf from "winston-log2gelf";
import { MINUTE_MS } from "@/core/clock";
import { SenderServer } from "./sender-server";
import { expect, test } from "./test";

/** The programs themselves send: what they are told, and what is found of it. */

const server = new SenderServer();
const entriesOf = (service: string) => expect.poll(() => server.entriesOf(service));
const momentOf = (entry: Record<string, unknown> | undefined) => new Date(String(entry?.timestamp)).getTime();

test("given pino with pino-seq, then its lines are found with level, error and properties", async () => {
  const stream = createStream({ serverUrl: server.url, apiKey: server.key, maxBatchingTime: 50 });
  const logger = pino({ name: "seq-shop", level: "debug" }, stream);
  logger.warn({ order: 42 }, "stock is low");
  logger.error(new TypeError("declined"), "card declined");
  stream.end();
  await once(stream, "finish");

  await entriesOf("seq-shop").toHaveLength(2);
  const entries = await server.entriesOf("seq-shop");
  expect(entries.find(({ level }) => level === "warning")).toMatchObject({
    message: "stock is low",
    attributes: { order: 42 },
  });
  expect(entries.find(({ level }) => level === "error")).toMatchObject({
    message: "card declined",
    attributes: { exception: expect.stringContaining("TypeError: declined") },
  });
});

test("given seq-logging, then a template is filled, the time is that of the event, and a wrong key is told", async () => {
  const at = new Date();
  const errors: unknown[] = [];
  const logger = (apiKey: string) =>
    new SeqLogger({ serverUrl: server.url, apiKey, maxRetries: 1, onError: (error) => void errors.push(error) });
  const good = logger(server.key);
  good.emit({
    timestamp: at,
    level: "Fatal",
    messageTemplate: "{User} paid {Amount}",
    properties: { Application: "seq-pay", User: "alice", Amount: 12.5 },
  });
  await good.close();
  const wrong = logger("wrong");
  wrong.emit({ timestamp: at, messageTemplate: "not let in", properties: { Application: "seq-pay" } });
  await wrong.close();

  await entriesOf("seq-pay").toHaveLength(1);
  const [entry] = await server.entriesOf("seq-pay");
  expect(entry).toMatchObject({
    level: "fatal",
    message: "alice paid 12.5",
    attributes: { User: "alice", Amount: 12.5, message_template: "{User} paid {Amount}" },
  });
  expect(new Date(String(entry?.timestamp)).getTime()).toBe(at.getTime());
  expect(errors).toEqual([expect.stringContaining("401")]);
});

test("given winston with winston-log2gelf over HTTP, then its messages are found with their fields", async () => {
  const { hostname, port } = new URL(server.url);
  const transport = new Log2gelf({
    hostname: "web1",
    host: hostname,
    port: Number(port),
    protocol: "http",
    service: "gelf-shop",
    level: "silly",
    protocolOptions: { headers: { Authorization: server.authorization } },
  });
  const logger = winston.createLogger({ level: "silly", transports: [transport] });
  const began = Date.now();
  logger.verbose("card declined\n  at pay.ts:12", { order: 42 });
  logger.warn("stock is low");
  const ended = Date.now();

  await entriesOf("gelf-shop").toHaveLength(2);
  const entries = await server.entriesOf("gelf-shop");
  // It numbers winston's levels from 0 on, and these are syslog's: verbose is 3, error, and warn is 1, alert.
  expect(entries.find(({ level }) => level === "error")).toMatchObject({
    message: "card declined",
    attributes: { host: "web1", order: 42, full_message: "card declined\n  at pay.ts:12", environment: "development" },
  });
  expect(entries.find(({ level }) => level === "fatal")).toMatchObject({ message: "stock is low" });
  for (const entry of entries) {
    expect(momentOf(entry)).toBeGreaterThanOrEqual(began);
    expect(momentOf(entry)).toBeLessThanOrEqual(ended);
  }
});

test("given splunk-logging, then its events are found, and a wrong token is told", async () => {
  const send = (token: string, message: unknown, metadata: object) =>
    new Promise((resolve) => {
      const logger = new SplunkLogger({ token, url: `${server.url}/services/collector/event/1.0` });
      logger.error = resolve;
      logger.send({ message, severity: "warn", metadata }, (error, _response, body) => resolve(body ?? error));
    });

  const at = Date.now() - MINUTE_MS;
  const metadata = { index: "hec-shop", host: "web1", time: at };
  const answer = await send(server.key, { order: 42, msg: "stock is low" }, metadata);
  const refused = await send("wrong", "not let in", { index: "hec-shop" });

  expect(answer).toMatchObject({ text: "Success", code: 0 });
  // The code of an invalid token, which it makes an error of.
  expect(refused).toMatchObject({ code: 4 });
  await entriesOf("hec-shop").toHaveLength(1);
  const entries = await server.entriesOf("hec-shop");
  expect(entries).toMatchObject([{ level: "warning", attributes: { host: "web1" } }]);
  expect(momentOf(entries[0])).toBe(at);
});

test("given the check with which Docker's Splunk driver starts, then somebody is there", async () => {
  for (const path of ["/services/collector/event/1.0", "/services/collector/event", "/services/collector"])
    expect((await fetch(`${server.url}${path}`, { method: "OPTIONS" })).status, path).toBe(200);
});

test("given pino with pino-elasticsearch, then its lines are found with level and time", async () => {
  const stream = pinoElasticsearch({
    node: `${server.url}/elasticsearch`,
    auth: { apiKey: server.key },
    index: "es-shop",
    esVersion: 8,
    flushBytes: 10,
  });
  const dropped: unknown[] = [];
  stream.on("insertError", (error) => void dropped.push(error));
  const at = Date.now() - MINUTE_MS;
  const logger = pino({ timestamp: () => `,"time":${at}` }, stream);
  logger.error({ order: 42 }, "card declined");
  stream.end();

  await entriesOf("es-shop").toHaveLength(1);
  const entries = await server.entriesOf("es-shop");
  expect(entries).toMatchObject([{ level: "error", message: "card declined", attributes: { order: 42 } }]);
  expect(momentOf(entries[0])).toBe(at);
  expect(dropped).toEqual([]);
});

test("given what Datadog's agent sends, then its logs are found, and it is told what it expects", async () => {
  const at = Date.now();
  const headers = { "dd-api-key": server.key, "content-type": "application/json", "content-encoding": "gzip" };
  const log = {
    message: "card declined",
    status: "error",
    timestamp: at,
    hostname: "web1",
    service: "dd-shop",
    ddsource: "nodejs",
    ddtags: "env:prod,team:shop",
  };
  const body = gzipSync(JSON.stringify([log, { ...log, status: "warn", message: '{"msg":"slow","ms":12}' }]));
  const sent = await fetch(`${server.url}/api/v2/logs`, { method: "POST", headers, body });
  const valid = await fetch(`${server.url}/api/v1/validate`, { headers: { "dd-api-key": server.key } });
  const refused = await fetch(`${server.url}/api/v2/logs`, {
    method: "POST",
    headers: { "dd-api-key": "wrong" },
    body,
  });

  expect([sent.status, await sent.json()]).toEqual([202, {}]);
  expect(await valid.json()).toEqual({ valid: true });
  expect([refused.status, await refused.json()]).toEqual([
    401,
    { errors: [{ status: "401", title: "Unauthorized", detail: expect.stringContaining("the API key is unknown") }] },
  ]);
  const entries = await server.entriesOf("dd-shop");
  expect(entries).toHaveLength(2);
  expect(entries.find(({ level }) => level === "error")).toMatchObject({
    message: "card declined",
    tags: ["env:prod", "team:shop"],
    attributes: { hostname: "web1", ddsource: "nodejs" },
  });
  expect(entries.find(({ level }) => level === "warning")).toMatchObject({ message: "slow", attributes: { ms: 12 } });
  expect(new Date(String(entries[0]?.timestamp)).getTime()).toBe(at);
});

test("given what Heroku's log drain sends, again too, then each line is found once, and a wrong key is refused", async () => {
  const at = Date.now() - MINUTE_MS;
  const line = `<190>1 ${new Date(at).toISOString()} host app web.1 - ERROR card declined\n`;
  const send = (key: string) =>
    fetch(`${server.url}/drains/heroku?service=heroku-shop`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`drain:${key}`).toString("base64")}`,
        "content-type": "application/logplex-1",
        "logplex-frame-id": "09C557EAFCFB6CF2740EE62F62971098",
        "logplex-drain-token": "d.fc6b856b-3332-4546-93de-7d0ee272c3bd",
        "logplex-msg-count": "1",
      },
      body: `${line.length} ${line}`,
    });

  expect([(await send(server.key)).status, (await send(server.key)).status, (await send("wrong")).status]).toEqual([
    200, 200, 401,
  ]);
  const entries = await server.entriesOf("heroku-shop");
  expect(entries).toMatchObject([
    { level: "error", message: "ERROR card declined", attributes: { source: "app", dyno: "web.1" } },
  ]);
  expect(momentOf(entries[0])).toBe(at);
});

test("given what Vercel's drain sends, then its logs are found, and its address is verified", async () => {
  const at = Date.now() - MINUTE_MS;
  const log = { id: "1", timestamp: at, level: "warning", source: "lambda", projectName: "vercel-shop" };
  const response = await fetch(`${server.url}/drains/vercel`, {
    method: "POST",
    headers: { authorization: server.authorization, "content-type": "application/x-ndjson", "x-vercel-verify": "abc" },
    body: `${JSON.stringify({ ...log, message: "stock is low" })}\n`,
  });

  expect([response.status, response.headers.get("x-vercel-verify")]).toEqual([200, "abc"]);
  const entries = await server.entriesOf("vercel-shop");
  expect(entries).toMatchObject([{ level: "warning", message: "stock is low" }]);
  expect(momentOf(entries[0])).toBe(at);
});
