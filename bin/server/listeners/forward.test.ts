import { createHash } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { decode, decodeMulti, encode } from "@msgpack/msgpack";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { LIMITS } from "@/core/limits";
import { removeEntries, testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { stream } from "@/core/testing/test-sockets";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");
/** 2026-11-26T15:00:00Z */
const SECONDS = 1_795_705_200;
const helloSchema = z.tuple([z.literal("HELO"), z.object({ nonce: z.instanceof(Uint8Array) })]);
const pongSchema = z.tuple([z.literal("PONG"), z.boolean(), z.string(), z.string(), z.string()]);
const SHARED_KEY = "a-shared-key-of-tests";

const listening = new TestListening(database);

const start = (environment: Record<string, string> = {}, isOnLoopback = true) =>
  listening.start({ environment: { CORDWOOD_FORWARD_PORT: "0", ...environment }, isOnLoopback });

beforeEach(() => removeEntries(database));

const stored = () => storedEntries(database);
const dropped = (reason: string) => listening.dropped("forward", reason);
const packed = (...values: unknown[]) => Buffer.concat(values.map((value) => encode(value)));
const answersOf = async (...messages: unknown[]) => [...decodeMulti(await stream(listening.port, packed(...messages)))];

test("given every mode of message, then each event is an entry, and each chunk is acknowledged", async () => {
  await start();
  const events = (message: string) => [
    [SECONDS, { message, app: "shop" }],
    [SECONDS, { message: `${message}2`, app: "shop" }],
  ];
  const answers = await answersOf(
    ["tag", SECONDS, { message: "a" }],
    ["tag", SECONDS, { message: "b" }, { chunk: "of b" }],
    ["tag", events("c"), { chunk: "of c", size: 2 }],
    ["tag", packed(...events("d")), { chunk: "of d" }],
    ["tag", gzipSync(packed(...events("e"))), { chunk: "of e", compressed: "gzip" }],
  );

  expect(answers).toHaveLength(4);
  expect(answers).toEqual(expect.arrayContaining(["of b", "of c", "of d", "of e"].map((ack) => ({ ack }))));
  expect((await stored()).map(({ message }) => message)).toEqual(["a", "b", "c", "c2", "d", "d2", "e", "e2"]);
  expect(await metricOf(listening.context, 'cordwood_listener_entries_total{listener="forward"}')).toBe(8);
});

test("given tags of any text, then no event is taken for one of another message", async () => {
  await start();
  const tags = ["0", "1", "2", "3", "[0]", "null", "a b"];
  const answers = await answersOf(
    ...tags.flatMap((tag) => [
      [tag, [[SECONDS, { message: `chunk ${tag}` }]], { chunk: tag }],
      [tag, SECONDS, { message: `event ${tag}` }],
    ]),
  );

  expect(answers).toHaveLength(tags.length);
  expect((await stored()).map(({ message, service }) => [message, service]).sort()).toEqual(
    ["chunk", "event"].flatMap((kind) => tags.map((tag) => [`${kind} ${tag}`, tag])).sort(),
  );
});

test("given a chunk that is sent again, then it is acknowledged again and stored once", async () => {
  await start();
  const message = ["tag", [[SECONDS, { message: "once" }]], { chunk: "the same" }];

  expect(await answersOf(message)).toEqual([{ ack: "the same" }]);
  expect(await answersOf(message)).toEqual([{ ack: "the same" }]);
  expect(await stored()).toHaveLength(1);
  const { rows } = await database.db.execute(sql`select sum(count)::int as count from logs.stats_minute`);
  expect(rows).toEqual([{ count: 1 }]);
});

test("given events that are rejected for good, then the chunk is acknowledged all the same, so that it doesn't come for ever", async () => {
  await start();
  const answers = await answersOf(["tag", [[1, { message: "too old" }]], { chunk: "old" }]);

  expect(answers).toEqual([{ ack: "old" }]);
  expect(await stored()).toEqual([]);
  expect(await dropped("rejected")).toBe(1);
});

test("given chunks that can never be stored, then they are acknowledged and dropped, so that they don't come for ever", async () => {
  await start();
  // One value of more bytes than a body may have.
  const large = Buffer.alloc(LIMITS.bodyBytes + 1);
  large[0] = 0xc6;
  large.writeUInt32BE(LIMITS.bodyBytes, 1);
  const answers = await answersOf(
    ["tag", Buffer.from("not gzip"), { chunk: "broken", compressed: "gzip" }],
    ["tag", [], { chunk: "of metrics", fluent_signal: 1 }],
    [7, SECONDS, {}, { chunk: "without a tag" }],
    ["tag", gzipSync(large, { level: 1 }), { chunk: "large", compressed: "gzip" }],
    ["tag", [[SECONDS, { message: "good" }]], { chunk: "good" }],
  );

  expect(answers.map((answer) => JSON.stringify(answer)).sort()).toEqual(
    ["broken", "good", "large", "of metrics", "without a tag"].map((ack) => JSON.stringify({ ack })),
  );
  expect(await stored()).toMatchObject([{ message: "good" }]);
  expect([await dropped("malformed"), await dropped("too_large")]).toEqual([3, 1]);
});

/** What Fluent Bit sends: the name of a chunk is a hash of its events, without the tag and the host. */
const sameEvents = (tag: string) => encode([tag, [[SECONDS, { message: "the same" }]], { chunk: "5f4dcc3b5aa765d6" }]);
const counts = async () => (await stored()).map(({ service }) => service).sort();

test("given the same chunk under two tags and from two hosts, then each is stored", async () => {
  await start();
  for (const [tag, localAddress] of [
    ["web", "127.0.0.1"],
    ["shop", "127.0.0.1"],
    ["web", "127.0.0.2"],
    ["web", "127.0.0.2"],
  ] as const) {
    const socket = net.connect({ port: listening.port, host: "127.0.0.1", localAddress });
    socket.write(sameEvents(tag));
    expect(decode((await once(socket, "data"))[0])).toEqual({ ack: "5f4dcc3b5aa765d6" });
    socket.destroy();
  }

  expect(await counts()).toEqual(["shop", "web", "web"]);
});

test("given the same chunk again over the connection that has acknowledged it, then it is another one; over a new one it is the last", async () => {
  await start();
  const socket = net.connect(listening.port, "127.0.0.1");
  for (let time = 0; time < 2; time++) {
    socket.write(sameEvents("web"));
    expect(decode((await once(socket, "data"))[0])).toEqual({ ack: "5f4dcc3b5aa765d6" });
  }
  socket.destroy();
  expect(await counts()).toEqual(["web", "web"]);

  expect([...decodeMulti(await stream(listening.port, sameEvents("web")))]).toEqual([{ ack: "5f4dcc3b5aa765d6" }]);
  expect(await counts()).toEqual(["web", "web"]);
});

test("given a chunk sent twice before it is acknowledged, then it is stored once, and acknowledged twice", async () => {
  await start();
  const bytes = Buffer.concat([sameEvents("web"), sameEvents("web")]);

  expect([...decodeMulti(await stream(listening.port, bytes))]).toHaveLength(2);
  expect(await counts()).toEqual(["web"]);
});

test("given bytes that are no message, then nothing is answered", async () => {
  await start();
  expect(await answersOf("text")).toEqual([]);
  expect((await stream(listening.port, Buffer.from([0xc1]))).length).toBe(0);
  expect((await stream(listening.port, Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]))).length).toBe(0);

  expect(await dropped("malformed")).toBe(2);
  expect(await dropped("too_large")).toBe(1);
});

test("given that it is locked, then a key before the tag lets in, and without one nothing is acknowledged", async () => {
  const key = `cw_${"k".repeat(43)}`;
  await start({ CORDWOOD_API_KEY: key }, false);

  expect(await answersOf(["tag", [[SECONDS, { message: "without" }]], { chunk: "a" }])).toEqual([]);
  expect(await answersOf([`${key}.web`, [[SECONDS, { message: "with" }]], { chunk: "b" }])).toEqual([{ ack: "b" }]);
  expect(await stored()).toMatchObject([{ message: "with", service: "web" }]);
  expect(JSON.stringify(await stored())).not.toContain(key);
});

const hash = (...parts: (string | Uint8Array)[]) =>
  createHash("sha512")
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest("hex");
/** No UTF-8. */
const SALT = Buffer.from("ff80c328a0fe00e1d8c27f9ff4902280", "hex");
/** The headers of MessagePack for 16 bytes. */
const AS_STRING = Buffer.from([0xa0 | SALT.length]);
const AS_BINARY = Buffer.from([0xc4, SALT.length]);

/** What a client with a shared key does, by the protocol. @param saltHeader how it writes its salt */
async function shakeHands(
  sharedKey: string,
  saltHeader = AS_STRING,
): Promise<{ socket: net.Socket; pong: unknown; nonce: Uint8Array }> {
  const socket = net.connect(listening.port, "127.0.0.1");
  const [hello] = await once(socket, "data");
  const [, { nonce }] = helloSchema.parse(decode(hello));
  const digest = hash(SALT, "client", nonce, sharedKey);
  const array = Buffer.from([0x96]);
  socket.write(Buffer.concat([array, packed("PING", "client"), saltHeader, SALT, packed(digest, "", "")]));
  const [pong] = await once(socket, "data");
  return { socket, pong: decode(pong), nonce };
}

test.each([
  ["a string, as Fluent Bit does", AS_STRING],
  ["binary, as Fluentd does", AS_BINARY],
])("given a salt of any bytes written as %s, then both digests are made of them", async (_, header) => {
  await start({ CORDWOOD_FORWARD_SHARED_KEY: SHARED_KEY }, false);
  const { socket, pong, nonce } = await shakeHands(SHARED_KEY, header);
  const [, isRight, , serverName, digest] = pongSchema.parse(pong);
  expect([isRight, digest]).toEqual([true, hash(SALT, serverName, nonce, SHARED_KEY)]);
  socket.destroy();
});

test("given a shared key, then who has it may send, locked or not, and others may not", async () => {
  await start({ CORDWOOD_FORWARD_SHARED_KEY: SHARED_KEY }, false);
  const { socket, pong } = await shakeHands(SHARED_KEY);
  expect(pong).toMatchObject(["PONG", true, "", expect.any(String), expect.any(String)]);
  socket.write(encode(["tag", [[SECONDS, { message: "let in" }]], { chunk: "c" }]));
  expect(decode((await once(socket, "data"))[0])).toEqual({ ack: "c" });
  socket.destroy();

  const other = await shakeHands("another-shared-key");
  expect(other.pong).toEqual(["PONG", false, "shared_key mismatch", "", ""]);
  await once(other.socket, "close");

  const answers = await answersOf(["tag", [[SECONDS, { message: "without" }]], { chunk: "d" }]);
  expect(answers).toEqual([["HELO", expect.anything()]]);
  expect(await stored()).toMatchObject([{ message: "let in" }]);
});

test("given a heartbeat by UDP, then it is answered", async () => {
  await start();
  const socket = dgram.createSocket("udp4");
  socket.send(Buffer.alloc(1), listening.port, "127.0.0.1");
  const [answer] = await once(socket, "message");
  expect(answer).toEqual(Buffer.alloc(1));
  socket.close();
});
