import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http2 from "node:http2";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { sql } from "drizzle-orm";
import protobuf from "protobufjs/minimal.js";
import selfsigned from "selfsigned";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKey } from "@/core/access/keys/create-key";
import { keyInputSchema } from "@/core/access/schemas";
import { unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { TestListening } from "./test-listening";

const NOW = "2026-11-26T16:00:00Z";
const database = testDatabase(NOW);
const EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

const listening = new TestListening(database);
let client: Client;

async function start(
  options: Parameters<TestListening["start"]>[0] = {},
  clientCredentials = credentials.createInsecure(),
) {
  await listening.start({ ...options, environment: { CORDWOOD_OTLP_GRPC_PORT: "0", ...options.environment } });
  client = new Client(`127.0.0.1:${listening.port}`, clientCredentials, {
    "grpc.ssl_target_name_override": "localhost",
  });
}

beforeEach(() => database.db.execute(sql`truncate logs.logs, logs.stats_minute`));
afterEach(() => client.close());

const inMessage = (number: number, ...contents: Uint8Array[]) =>
  protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .bytes(Buffer.concat(contents))
    .finish();
const inText = (number: number, value: string) =>
  protobuf.Writer.create()
    .uint32((number << 3) | 2)
    .string(value)
    .finish();

/** An ExportLogsServiceRequest. @param nanos of each record */
function requestOf(messages: readonly string[], nanos = BigInt(Date.parse(NOW)) * 1_000_000n): Buffer {
  const time = Buffer.alloc(9, 0x09);
  time.writeBigUInt64LE(nanos, 1);
  const records = messages.map((one) => inMessage(2, time, inMessage(5, inText(1, one))));
  const service = inMessage(1, inText(1, "service.name"), inMessage(2, inText(1, "pay")));
  return Buffer.from(inMessage(1, inMessage(1, service), inMessage(2, ...records)));
}

const send = (message: Buffer, headers: Record<string, string> = {}): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const asItIs = (bytes: Buffer) => bytes;
    const deadline = Date.now() + 20_000;
    client.makeUnaryRequest(EXPORT, asItIs, asItIs, message, metadata, { deadline }, (error, response) =>
      error ? reject(error) : resolve(response ?? Buffer.alloc(0)),
    );
  });

const refusalOf = (sent: Promise<unknown>): Promise<ServiceError> =>
  sent.then(
    () => Promise.reject(new Error("it was taken")),
    (error: ServiceError) => error,
  );

const dropped = (reason: string) => listening.dropped("otlp_grpc", reason);

describe("without accounts", () => {
  beforeEach(() => start());

  test("given records, then the answer comes when they are stored, and /metrics counts them", async () => {
    expect(await send(requestOf(["first", "second"]))).toEqual(Buffer.alloc(0));

    expect(await storedEntries(database)).toMatchObject([
      { message: "first", service: "pay" },
      { message: "second", service: "pay" },
    ]);
    expect(await metricOf(listening.context, 'cordwood_listener_entries_total{listener="otlp_grpc"}')).toBe(2);
    await expect.poll(() => metricOf(listening.context, 'cordwood_listener_held_bytes{listener="otlp_grpc"}')).toBe(0);
    expect(await metricOf(listening.context, 'cordwood_listener_connections{listener="otlp_grpc"}')).toBe(1);
  });

  test("given a record that is too old, then it is told as a partial success", async () => {
    const answer = await send(Buffer.concat([requestOf(["good"]), requestOf(["old"], 1_000_000_000n)]));

    expect(answer.toString("latin1")).toContain("1 of 2 entries was rejected");
    expect((await storedEntries(database)).map(({ message }) => message)).toEqual(["good"]);
    expect(await dropped("rejected")).toBe(1);
  });

  test("given what is no request, then the caller is told so, and does not send it again", async () => {
    const { code, details } = await refusalOf(send(Buffer.from([0x0a, 0xff])));

    expect([code, details]).toEqual([status.INVALID_ARGUMENT, expect.stringContaining("can't be read")]);
    expect(await dropped("malformed")).toBe(1);
  });

  test("given parameters as metadata, then they hold, and a wrong one is refused", async () => {
    await send(requestOf(["m"]), { "x-cordwood-tags": "eu,blue" });
    const { code, details } = await refusalOf(send(requestOf(["m"]), { "x-cordwood-level": "loud" }));

    const { rows } = await database.db.execute(sql`select tags from logs.logs`);
    expect(rows).toEqual([{ tags: ["eu", "blue"] }]);
    expect([code, details]).toEqual([status.INVALID_ARGUMENT, expect.stringContaining("X-Cordwood-Level")]);
  });

  test("given a message that is too large, then it is refused for good, and the next one is taken", async () => {
    const { code } = await refusalOf(send(Buffer.alloc(LIMITS.grpcMessageBytes + 1)));

    expect(code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await send(requestOf(["next"]))).toEqual(Buffer.alloc(0));
    await expect.poll(() => metricOf(listening.context, 'cordwood_listener_held_bytes{listener="otlp_grpc"}')).toBe(0);
  });

  test("given a compressed message, then it is read, and one that would be blown up is refused", async () => {
    const compressed = async (message: Buffer) => {
      const session = http2.connect(`http://127.0.0.1:${listening.port}`);
      const call = session.request({
        ":method": "POST",
        ":path": EXPORT,
        "content-type": "application/grpc",
        "grpc-encoding": "gzip",
        te: "trailers",
      });
      const head = Buffer.alloc(5, 1);
      head.writeUInt32BE(message.length, 1);
      call.end(Buffer.concat([head, message]));
      const found = await new Promise((resolve) => {
        call.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
        call.on("response", (headers) => headers["grpc-status"] !== undefined && resolve(headers["grpc-status"]));
        call.resume();
      });
      session.destroy();
      return Number(found);
    };

    expect(await compressed(gzipSync(requestOf(["compressed"])))).toBe(status.OK);
    expect(await compressed(gzipSync(Buffer.alloc(LIMITS.grpcMessageBytes * 2)))).toBe(status.RESOURCE_EXHAUSTED);
    expect(await compressed(Buffer.from("no gzip"))).toBe(status.INTERNAL);
    expect((await storedEntries(database)).map(({ message }) => message)).toEqual(["compressed"]);
  });

  test("given many calls at once, more than there is room for, then each is taken in its turn", async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => send(requestOf([`line ${index}`]))));

    expect(await storedEntries(database)).toHaveLength(200);
  });

  test("given a database that is away, then callers are told to send again, and when", async () => {
    listening.context.ingest.ingest = () => Promise.reject(unavailable("the database does not answer"));

    const { code, details, metadata } = await refusalOf(send(requestOf(["m"])));

    expect([code, details]).toEqual([status.UNAVAILABLE, "the database does not answer"]);
    expect(String(metadata.get("grpc-status-details-bin")[0])).toContain("google.rpc.RetryInfo");
  });

  test("given an error that is nobody's fault but ours, then nothing of it is told", async () => {
    listening.context.ingest.ingest = () => Promise.reject(new Error("select * from secrets"));

    const { code, details } = await refusalOf(send(requestOf(["m"])));

    expect([code, details]).toEqual([status.INTERNAL, "an error of the server; its log says more"]);
  });

  test("given a call under way, when the listener stops, then it is answered, and further ones are refused", async () => {
    const gate = new EventEmitter();
    const { ingest } = listening.context;
    const store = ingest.ingest.bind(ingest);
    ingest.ingest = (request) => once(gate, "open").then(() => store(request));
    const sent = send(requestOf(["under way"]));
    await expect
      .poll(() => metricOf(listening.context, 'cordwood_listener_held_bytes{listener="otlp_grpc"}'))
      .toBeGreaterThan(0);

    const stopped = listening.stop(10_000);
    gate.emit("open");
    await Promise.all([sent, stopped]);

    expect((await storedEntries(database)).map(({ message }) => message)).toEqual(["under way"]);
    expect((await refusalOf(send(requestOf(["late"])))).code).toBe(status.UNAVAILABLE);
  });
});

describe("with accounts", () => {
  const withKey = async (input: object) => {
    const { key } = await createKey(database, keyInputSchema.parse({ name: "k", ...input }), "a test");
    return { authorization: `Bearer ${key}` };
  };

  beforeEach(() => start({ isOnLoopback: false }));

  test("given no key, a wrong one, and one that may not, then each is told, and nothing is stored", async () => {
    const codeOf = async (headers: Record<string, string>) => (await refusalOf(send(requestOf(["m"]), headers))).code;

    expect(await codeOf({})).toBe(status.UNAUTHENTICATED);
    expect(await codeOf({ authorization: "Bearer wrong" })).toBe(status.UNAUTHENTICATED);
    expect(await codeOf(await withKey({ scopes: ["read"] }))).toBe(status.PERMISSION_DENIED);
    expect(await storedEntries(database)).toEqual([]);
    expect([await dropped("unauthorised"), await dropped("forbidden")]).toEqual([2, 1]);
  });

  test("given a key, then it does, for the services that it may write", async () => {
    await send(requestOf(["any"]), await withKey({ scopes: ["ingest"] }));
    const answer = await send(requestOf(["other"]), await withKey({ scopes: ["ingest"], services: ["shop"] }));

    expect(answer.toString("latin1")).toContain('may not write entries of service "pay"');
    expect((await storedEntries(database)).map(({ message }) => message)).toEqual(["any"]);
  });
});

test("given a certificate, then it speaks TLS, and with one for clients only those that it signed get in", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-grpc-"));
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const made = await selfsigned.generate([{ name: "commonName", value: "localhost" }], { algorithm: "sha256" });
  const certificate = {
    CORDWOOD_TLS_CERT: file("cert.pem", made.cert),
    CORDWOOD_TLS_KEY: file("key.pem", made.private),
    CORDWOOD_TLS_CLIENT_CA: file("ca.pem", made.cert),
  };
  const trusted = Buffer.from(made.cert);
  // It signs itself, and so do clients that have it.
  const ofClient = credentials.createSsl(trusted, Buffer.from(made.private), trusted);
  await start({ isOnLoopback: false, environment: certificate }, ofClient);

  await send(requestOf(["by its certificate"]));
  client.close();
  client = new Client(`127.0.0.1:${listening.port}`, credentials.createSsl(trusted), {
    "grpc.ssl_target_name_override": "localhost",
  });

  expect((await refusalOf(send(requestOf(["without"])))).code).toBe(status.UNAVAILABLE);
  expect((await storedEntries(database)).map(({ message }) => message)).toEqual(["by its certificate"]);
  expect(await dropped("tls")).toBeGreaterThan(0);
  rmSync(folder, { recursive: true });
});

test("given more connections than there may be, then the most silent one goes, and a new one is served", async () => {
  await start();
  const sockets = Array.from({ length: LIMITS.listenerConnections }, () => net.connect(listening.port, "127.0.0.1"));
  for (const socket of sockets) socket.on("error", () => undefined);
  await Promise.all(sockets.map((socket) => once(socket, "connect")));

  expect(await send(requestOf(["served"]))).toEqual(Buffer.alloc(0));
  expect(await dropped("crowded")).toBeGreaterThan(0);
  for (const socket of sockets) socket.destroy();
});

test("given a page in a browser, which can't speak HTTP/2 without TLS, then nothing of it is taken", async () => {
  await start();
  const socket = net.connect(listening.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`POST ${EXPORT} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`);

  await once(socket.resume(), "close");
  expect(await storedEntries(database)).toEqual([]);
});
