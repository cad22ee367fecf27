import { gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { datagrams, stream } from "@/core/testing/test-sockets";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");
const KEY = "a-key-of-the-environment";

const listening = new TestListening(database);

const environment = { CORDWOOD_GELF_PORT: "0", CORDWOOD_API_KEY: KEY };
const start = (isOnLoopback = true) => listening.start({ environment, isOnLoopback });

beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
});

const stored = () => storedEntries(database);
const dropped = (listener: string, reason: string) => listening.dropped(listener, reason);

const messageOf = (message: string, more: object = {}) =>
  JSON.stringify({ version: "1.1", host: "web1", short_message: message, level: 3, _app: "shop", ...more });

const chunksOf = (bytes: Buffer, size: number) => {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, place) =>
    Buffer.concat([
      Buffer.from([0x1e, 0x0f]),
      Buffer.from("12345678"),
      Buffer.from([place, count]),
      bytes.subarray(place * size, (place + 1) * size),
    ]),
  );
};

test("given datagrams plain, compressed and in chunks, then each message is an entry", async () => {
  await start();
  await datagrams(listening.port, [
    messageOf("a"),
    gzipSync(messageOf("b")),
    ...chunksOf(gzipSync(messageOf("c")), 20).reverse(),
  ]);

  await expect.poll(stored).toMatchObject([
    { message: "a", service: "shop", level: "error", attributes: { host: "web1" } },
    { message: "b", service: "shop" },
    { message: "c", service: "shop" },
  ]);
});

test("given a sender whose clock is not set, then its message has the time of arrival, and its own is kept", async () => {
  await start();
  await datagrams(listening.port, [messageOf("a", { timestamp: 7.5 })]);

  await expect.poll(stored).toMatchObject([{ message: "a", attributes: { timestamp_original: 7.5 } }]);
});

test("given a connection, then its messages are entries, and what is none is dropped alone", async () => {
  await start();
  await stream(listening.port, `${messageOf("a")}\0not JSON\0[1]\0${messageOf("b")}\0${messageOf("c")}`);

  expect((await stored()).map(({ message }) => message)).toEqual(["a", "b", "c"]);
  expect(await dropped("gelf_tcp", "malformed")).toBe(2);
  expect(await metricOf(listening.context, 'cordwood_listener_entries_total{listener="gelf_tcp"}')).toBe(3);
});

test("given that it is locked, then a message needs a key, which is not stored", async () => {
  await start(false);
  await stream(
    listening.port,
    `${messageOf("without")}\0${messageOf("wrong", { _token: "x" })}\0${messageOf("right", { _token: KEY })}\0`,
  );

  expect(await stored()).toMatchObject([{ message: "right" }]);
  expect(JSON.stringify(await stored())).not.toContain(KEY);
  expect(await dropped("gelf_tcp", "unauthorised")).toBe(2);
});
