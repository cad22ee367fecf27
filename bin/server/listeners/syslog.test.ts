import { once } from "node:events";
import net from "node:net";
import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { createKey } from "@/core/access/keys/create-key";
import { keyInputSchema } from "@/core/access/schemas";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { datagrams, stream } from "@/core/testing/test-sockets";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");

const listening = new TestListening(database);

const start = (options: { environment?: Record<string, string>; isOnLoopback?: boolean } = {}) =>
  listening.start({ ...options, environment: { CORDWOOD_SYSLOG_PORT: "0", ...options.environment } });

beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
});

const stored = () => storedEntries(database);
const dropped = (listener: string, reason: string) => listening.dropped(listener, reason);

const sendDatagrams = (messages: readonly string[]) => datagrams(listening.port, messages);
const sendStream = (bytes: string) => stream(listening.port, bytes);

describe("without accounts", () => {
  beforeEach(() => start());

  test("given datagrams, then each is an entry, and /metrics counts it", async () => {
    await sendDatagrams([
      "<11>Nov 26 15:00:00 web1 shop[7]: first",
      "<14>1 2026-11-26T15:00:00Z web1 shop - - - second",
    ]);

    await expect.poll(stored).toMatchObject([
      { message: "first", service: "shop", level: "error", attributes: { host: "web1", procid: "7" } },
      { message: "second", service: "shop", level: "info" },
    ]);
    expect(await metricOf(listening.context, 'cordwood_listener_entries_total{listener="syslog_udp"}')).toBe(2);
  });

  test("given a connection with counted messages and lines, then all are stored when it is closed", async () => {
    await sendStream("<14>app: one\n13 <14>app: two\n<14>app: three");

    expect((await stored()).map(({ message }) => message)).toEqual(["one", "three", "two"]);
    const { rows } = await database.db.execute(sql`select sum(count)::int as count from logs.stats_minute`);
    expect(rows).toEqual([{ count: 3 }]);
  });

  test("given many messages at once, then none is missing", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `<14>Nov 26 15:00:00 h app: ${index}\n`).join("");
    await Promise.all([sendStream(lines), sendStream(lines), sendStream(lines)]);

    const { rows } = await database.db.execute(
      sql`select count(*)::int as all, count(distinct message)::int as one from logs.logs`,
    );
    expect(rows).toEqual([{ all: 60_000, one: 20_000 }]);
    expect(await metricOf(listening.context, 'cordwood_listener_held_bytes{listener="syslog_tcp"}')).toBe(0);
  });

  test("given lines that arrive in one piece, then they are stored together", async () => {
    const ingest = vi.spyOn(listening.context.ingest, "ingest");
    await sendStream(Array.from({ length: 50 }, (_, index) => `<14>app: ${index}\n`).join(""));

    expect(await stored()).toHaveLength(50);
    expect(ingest).toHaveBeenCalledOnce();
  });

  test("given what a page in a browser can send, then nothing of it is taken", async () => {
    await sendStream("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n\r\n<14>app: forged\n");

    expect(await stored()).toEqual([]);
    expect(await dropped("syslog_tcp", "malformed")).toBe(1);
  });

  test("given devices whose clock is wrong, or not set, then their messages have the time of arrival, and their own is kept", async () => {
    const times = ["1970-01-01T00:00:07Z", "2003-10-11T22:14:15Z", "2036-02-07T06:28:16Z", "*Nov 26 15:59:00.123"];
    const [boot, old, ahead, unset] = times;
    await sendStream(
      `<14>1 ${boot} h app - - - a\n<14>1 ${old} h app - - - b\n<14>1 ${ahead} h app - - - c\n<14>7: ${unset}: %SYS-5-X: d\n`,
    );

    expect((await stored()).map(({ attributes }) => attributes?.timestamp_original)).toEqual([unset, boot, old, ahead]);
    const { rows } = await database.db.execute(sql`select distinct timestamp from logs.logs`);
    expect(rows).toEqual([{ timestamp: "2026-11-26 16:00:00+00" }]);
    expect(await dropped("syslog_tcp", "rejected")).toBe(0);
  });

  test("given that it is stopped, then what a connection sent before is stored", async () => {
    const socket = net.connect(listening.port, "127.0.0.1");
    socket.resume();
    await new Promise((resolve) => socket.write("<14>app: before\n", resolve));
    await expect.poll(stored).toHaveLength(1);
    const closed = once(socket, "close");
    await listening.stop(5_000);

    await closed;
    await expect(once(net.connect(listening.port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
  });

  test("given a connection that breaks, then what came over it is stored, and others go on", async () => {
    const socket = net.connect(listening.port, "127.0.0.1");
    await new Promise((resolve) => socket.write("<14>app: before it broke\n", resolve));
    await expect.poll(stored).toHaveLength(1);
    socket.resetAndDestroy();
    await sendStream("<14>app: other\n");

    await expect.poll(stored).toHaveLength(2);
    await expect
      .poll(() => metricOf(listening.context, 'cordwood_listener_connections{listener="syslog_tcp"}'))
      .toBe(0);
  });

  test("given more connections than there may be, then the most silent one goes, and a new one is served", async () => {
    const sockets = Array.from({ length: LIMITS.listenerConnections }, () => net.connect(listening.port, "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => undefined);
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    await sendStream("<14>app: served\n");

    expect(await stored()).toMatchObject([{ message: "served" }]);
    expect(await dropped("syslog_tcp", "crowded")).toBeGreaterThan(0);
    for (const socket of sockets) socket.destroy();
  });
});

describe("while it is locked", () => {
  const keyOf = async (services: string[] | null = null) =>
    (await createKey(database, keyInputSchema.parse({ name: "k", scopes: ["ingest"], services }), "a test")).key;

  const guesses = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `<14>1 - h app - - [cordwood token="cw_${String(index).padStart(43, "0")}"] guess\n`,
    ).join("");

  test("given no key, a wrong one or a right one, then only the last is stored, and nobody reads it there", async () => {
    await start({ isOnLoopback: false });
    const key = await keyOf();
    await sendDatagrams([
      "<14>app: without",
      `<14>1 - h app - - [cordwood@32473 token="cw_${"x".repeat(43)}"] wrong`,
      `<14>1 - h app - - [cordwood@32473 token="${key}"] right`,
      `<14>Nov 26 15:00:00 h ${key}.web: by its tag`,
    ]);

    await expect.poll(stored).toMatchObject([{ message: "by its tag", service: "web" }, { message: "right" }]);
    expect(JSON.stringify(await stored())).not.toContain(key);
    expect(await dropped("syslog_udp", "unauthorised")).toBe(2);
  });

  test("given one key in different places of messages on one connection, then each is stored without it", async () => {
    await start({ isOnLoopback: false });
    const key = await keyOf();
    await sendStream(
      `<14>1 - h app - - [cordwood token="${key}"] first\n<14>Nov 26 15:00:00 h ${key}.web: second\n` +
        `<14>1 - h app - - [x@1 a="b"][cordwood token="${key}"] third\n`,
    );

    expect(await stored()).toMatchObject([{ message: "first" }, { message: "second" }, { message: "third" }]);
    expect(JSON.stringify(await stored())).not.toContain(key);
  });

  test("given a key for one service, then others are not written", async () => {
    await start({ isOnLoopback: false });
    const key = await keyOf(["shop"]);
    await sendStream(
      `<14>1 - h shop - - [cordwood token="${key}"] mine\n<14>1 - h pay - - [cordwood token="${key}"] not mine\n`,
    );

    expect(await stored()).toMatchObject([{ message: "mine", service: "shop" }]);
    expect(await dropped("syslog_tcp", "rejected")).toBe(1);
  });

  test("given an address that is allowed, then nothing else is needed", async () => {
    await start({ isOnLoopback: false, environment: { CORDWOOD_LISTENER_ADDRESSES: "10.0.0.0/8, 127.0.0.0/8" } });
    await sendStream("<14>app: of the network\n");
    expect(await stored()).toMatchObject([{ message: "of the network" }]);
  });

  test("given a key that has sent all requests that it may, then what it sends over sockets is stored all the same", async () => {
    await start({ isOnLoopback: false });
    const key = await keyOf();
    const { keys, limits } = listening.context.access;
    const principal = await keys.principalOf(key, "127.0.0.1");
    const spend = async () => {
      for (let count = 0; count <= LIMITS.keyRequestsPerMinute; count++) await limits.takeRequest(principal, "");
    };
    await expect(spend()).rejects.toMatchObject({ kind: "too_busy" });
    await sendStream(`<14>1 - h app - - [cordwood token="${key}"] of a busy fleet\n`);

    expect(await stored()).toMatchObject([{ message: "of a busy fleet" }]);
    expect(await dropped("syslog_tcp", "too_busy")).toBe(0);
  });

  test("given a key that was right before others at its address guessed, then what it sends is stored", async () => {
    await start({ isOnLoopback: false });
    const key = await keyOf();
    const line = (message: string) => `<14>1 - h app - - [cordwood token="${key}"] ${message}\n`;
    await sendStream(line("before"));
    await sendStream(guesses(LIMITS.wrongKeysPerMinute + 1));
    await sendStream(line("after"));

    expect((await stored()).map(({ message }) => message)).toEqual(["after", "before"]);
    expect(await dropped("syslog_tcp", "too_busy")).toBe(1);
  });

  test("given many wrong keys of one address, then they are no longer looked at", async () => {
    await start({ isOnLoopback: false });
    await sendStream(guesses(LIMITS.wrongKeysPerMinute + 50));

    expect(await dropped("syslog_tcp", "unauthorised")).toBe(LIMITS.wrongKeysPerMinute);
    expect(await dropped("syslog_tcp", "too_busy")).toBe(50);
  });
});

test("given a port that is taken, then the start says so in a sentence", async () => {
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const inUse = address && typeof address === "object" ? address.port : 0;

  await expect(start({ environment: { CORDWOOD_SYSLOG_PORT: String(inUse) } })).rejects.toThrow(
    `Port ${inUse} on 127.0.0.1 is in use: stop what uses it, or set CORDWOOD_SYSLOG_PORT to another one.`,
  );
  taken.close();
});
