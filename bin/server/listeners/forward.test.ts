import { createHash } from "node:crypto";
import dgram from "node:dgram";
import { once } from "node:events";
import net from "node:net";
import { gzipSync } from "node:zlib";
import { decode, decodeMulti, encode } from "@msgpack/msgpack";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { stream } from "@/core/testing/test-sockets";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");
/** 2026-11-26T15:00:00Z */
const SECONDS = 1_795_705_200;
const helloSchema = z.tuple([z.literal("HELO"), z.object({ nonce: z.instanceof(Uint8Array) })]);
const SHARED_KEY = "a-shared-key-of-tests";

const listening = new TestListening(database);

const start = (environment: Record<string, string> = {}, isOnLoopback = true) =>
  listening.start({ environment: { CORDWOOD_FORWARD_PORT: "0", ...environment }, isOnLoopback });

beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
});

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

test("given bytes that are no message, then the connection is closed without an answer", async () => {
  await start();
  expect(await answersOf("text")).toEqual([]);
  expect((await stream(listening.port, Buffer.from([0xc1]))).length).toBe(0);
  expect((await stream(listening.port, Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]))).length).toBe(0);
  expect(await answersOf(["tag", Buffer.from("not gzip"), { chunk: "c", compressed: "gzip" }])).toEqual([]);

  expect(await dropped("malformed")).toBe(3);
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

/** What a client with a shared key does, by the protocol. */
async function shakeHands(sharedKey: string): Promise<{ socket: net.Socket; pong: unknown }> {
  const socket = net.connect(listening.port, "127.0.0.1");
  const [hello] = await once(socket, "data");
  const [, { nonce }] = helloSchema.parse(decode(hello));
  const digest = createHash("sha512").update("salt").update("client").update(nonce).update(sharedKey).digest("hex");
  socket.write(encode(["PING", "client", "salt", digest, "", ""]));
  const [pong] = await once(socket, "data");
  return { socket, pong: decode(pong) };
}

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
