import net from "node:net";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf } from "@/core/testing/test-listeners";
import { datagrams } from "@/core/testing/test-sockets";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");

const listening = new TestListening(database, 5_000);

const start = () => listening.start({ environment: { CORDWOOD_SYSLOG_PORT: "0" } });
afterEach(() => unblock());

const held = (listener: string) => metricOf(listening.context, `cordwood_listener_held_bytes{listener="${listener}"}`);
const storedCount = async () =>
  (await database.db.execute(sql`select count(*)::int as count from logs.logs`)).rows[0]?.count;

let blocking: pg.Client | undefined;

/** No transaction that writes entries commits before unblock. */
async function block(): Promise<void> {
  blocking = new pg.Client({ connectionString: database.url });
  await blocking.connect();
  await blocking.query("begin; lock table logs.stats_minute in access exclusive mode");
}

async function unblock(): Promise<void> {
  await blocking?.end();
  blocking = undefined;
}

test("given a database that takes nothing for a while, then senders over TCP wait, little is held, and nothing is lost", async () => {
  await start();
  await block();
  const line = `<14>app: ${"x".repeat(1_000)}\n`;
  const lines = 20_000;
  const socket = net.connect(listening.port, "127.0.0.1").resume();
  socket.on("error", () => undefined);
  let isWritten = false;
  socket.end(line.repeat(lines), () => {
    isWritten = true;
  });

  let seen = 0;
  const isFull = async () => {
    const before = seen;
    seen = await held("syslog_tcp");
    return seen > LIMITS.connectionBytes && seen === before;
  };
  await expect.poll(isFull).toBe(true);
  expect(isWritten).toBe(false);
  // What was read last may have been there in one piece already.
  expect(await held("syslog_tcp")).toBeLessThan(LIMITS.connectionBytes * 2);

  await unblock();
  await expect.poll(storedCount).toBe(lines);
  await expect.poll(() => held("syslog_tcp")).toBe(0);
});

test("given the same over UDP, then no more is held than may be, and what finds no room is counted", async () => {
  await start();
  const before = Number(await storedCount());
  await block();
  const message = `<14>app: ${"y".repeat(8_000)}`;
  const dropped = () => listening.dropped("syslog_udp", "full");
  while ((await dropped()) === 0) await datagrams(listening.port, Array(20).fill(message));

  expect(await held("syslog_udp")).toBeLessThanOrEqual(LIMITS.udpBytes);
  await unblock();
  await expect.poll(() => held("syslog_udp")).toBe(0);
  const entries = await metricOf(listening.context, 'cordwood_listener_entries_total{listener="syslog_udp"}');
  expect(Number(await storedCount())).toBe(before + entries);
});

test("given that the database takes nothing until the end, then a stop ends all the same", async () => {
  await start();
  await block();
  await datagrams(listening.port, ["<14>app: too late"]);
  await expect.poll(() => held("syslog_udp")).toBeGreaterThan(0);
  const startedMs = performance.now();
  await listening.stop(300);

  expect(performance.now() - startedMs).toBeGreaterThan(300);
});
