import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type EventModes, EventTime, FluentClient, FluentSocketEvent } from "@fluent-org/logger";
import gelf from "gelf-pro";
import pg from "pg";
import { generate } from "selfsigned";
import { z } from "zod";
import { ADMIN, addKey, signIn, WITH_ADMIN } from "./accounts";
import { programOfDebian } from "./debian";
import { Rsyslog } from "./rsyslog";
import { TestServer } from "./server";
import { expect, test } from "./test";

/** The programs themselves send, over what is no HTTP, to a server with accounts. */

const server = new TestServer();
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-listeners-"));
const rsyslogd = programOfDebian("rsyslogd", ["rsyslog"]);
const gnutls = rsyslogd && programOfDebian("rsyslog/lmnsd_gtls.so", ["rsyslog-gnutls"]);
const logger = programOfDebian("logger", ["bsdutils"]);

const FREE = {
  CORDWOOD_SYSLOG_PORT: "0",
  CORDWOOD_GELF_PORT: "0",
  CORDWOOD_FORWARD_PORT: "0",
  CORDWOOD_SYSLOG_TLS_PORT: "0",
};
const file = (name: string) => path.join(folder, name);
const TLS = { CORDWOOD_TLS_CERT: file("cert.pem"), CORDWOOD_TLS_KEY: file("key.pem") };

let key = "";

/** Where a listener listens, by what the start says. */
const portOf = (listener: string) =>
  Number(new RegExp(`^${listener} listens on .*:(\\d+)$`, "m").exec(server.output)?.[1]);

test.beforeAll(async () => {
  const { cert, private: privateKey } = await generate([{ name: "commonName", value: "localhost" }], {
    algorithm: "sha256",
  });
  writeFileSync(TLS.CORDWOOD_TLS_CERT, cert);
  writeFileSync(TLS.CORDWOOD_TLS_KEY, privateKey);
  await server.start({ ...WITH_ADMIN, ...FREE, ...TLS });
  key = (await addKey(server, await signIn(server, ADMIN.email), { scopes: ["ingest", "read"] })).key;
});
test.afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const found = z.object({ data: z.object({ entries: z.array(z.record(z.string(), z.unknown())) }) });

/** Newest first. */
async function entriesOf(service: string): Promise<Record<string, unknown>[]> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${server.url}/api/logs?service=${encodeURIComponent(service)}&limit=1000`, { headers });
  return found.parse(await response.json()).data.entries;
}

async function entryOf(service: string, message: string): Promise<Record<string, unknown> | undefined> {
  return (await entriesOf(service)).find((entry) => entry.message === message);
}

/** The time of the entry with a message, in microseconds, as it is stored. */
async function microsOf(message: string): Promise<bigint> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const text =
    "select (extract(epoch from timestamp) * 1000000)::bigint::text as micros from logs.logs where message = $1";
  const { rows } = await client.query(text, [message]);
  await client.end();
  return BigInt(z.tuple([z.object({ micros: z.string() })]).parse(rows)[0].micros);
}

/** Microseconds of a time of RFC 3339 with six digits behind the point. */
const microsIn = (time: string) =>
  BigInt(Date.parse(time.replace(/\.\d+/, ""))) * 1_000n + BigInt(/\.(\d{6})/.exec(time)?.[1] ?? "");

test.describe("rsyslog", () => {
  test.skip(rsyslogd === null || logger === null, "rsyslog can't be installed here");

  for (const [name, listener, action] of [
    ["UDP", "syslog_udp", 'protocol="udp"'],
    ["TCP, counted", "syslog_tcp", 'protocol="tcp" TCP_Framing="octet-counted"'],
    ["TCP, by lines", "syslog_tcp", 'protocol="tcp"'],
    ["TLS", "syslog_tls", 'protocol="tcp" StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="anon"'],
  ] as const) {
    test(`given it sends over ${name}, then each line is found with level, service, attributes and its time to the microsecond`, async () => {
      test.skip(name === "TLS" && gnutls === null, "rsyslog's TLS can't be installed here");
      const rsyslog = new Rsyslog(rsyslogd ?? "");
      const tls = name === "TLS" ? `global(DefaultNetstreamDriverCAFile="${TLS.CORDWOOD_TLS_CERT}")` : "";
      await rsyslog.start(`${tls}
template(name="keyed" type="string" string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% [cordwood@32473 token=\\"${key}\\"]%msg:::sp-if-no-1st-sp%%msg%\\n")
action(type="omfwd" target="127.0.0.1" port="${portOf(listener)}" ${action} template="keyed" action.resumeRetryCount="-1")`);
      const service = `app-${name.replace(/\W/g, "")}`;
      const message = `declined over ${name}, äöü`;
      spawnSync(logger ?? "", ["-u", rsyslog.socket, "-t", service, "--id=4711", "-p", "local3.err", message]);

      await expect
        .poll(() => entryOf(service, message))
        .toMatchObject({
          level: "error",
          attributes: { host: expect.any(String), procid: "4711", facility: "local3", severity: "err" },
        });
      expect(await microsOf(message)).toBe(microsIn(rsyslog.timeOf(message) ?? ""));
      await rsyslog.remove();
    });
  }
});

test.describe("logger", () => {
  test.skip(logger === null, "logger can't be installed here");

  for (const transport of ["udp", "tcp"]) {
    test(`given both of its formats over ${transport}, then its lines are found`, async () => {
      const to = ["--server", "127.0.0.1", "--port", String(portOf(`syslog_${transport}`)), `--${transport}`];
      const data = [
        "--sd-id",
        "cordwood@32473",
        "--sd-param",
        `token="${key}"`,
        "--sd-id",
        "order@1",
        "--sd-param",
        'id="42"',
      ];
      const named = ["--rfc5424", "--msgid", "PAY", "-t", `new-${transport}`, "-p", "user.warning"];
      spawnSync(logger ?? "", [...to, ...named, ...data, "placed"]);
      spawnSync(logger ?? "", [...to, "--rfc3164", "-t", `${key}.old-${transport}`, "-p", "cron.crit", "late"]);

      await expect
        .poll(() => entryOf(`new-${transport}`, "placed"))
        .toMatchObject({
          level: "warning",
          attributes: { "order@1": { id: "42" }, msgid: "PAY", facility: "user" },
        });
      await expect
        .poll(() => entryOf(`old-${transport}`, "late"))
        .toMatchObject({ level: "fatal", attributes: { facility: "cron" } });
      expect(JSON.stringify(await entriesOf(`new-${transport}`))).not.toContain(key);
    });
  }
});

for (const adapterName of ["udp", "tcp"] as const) {
  test(`given gelf-pro over ${adapterName}, then its messages are found, short ones and long ones`, async () => {
    const service = `gelf-${adapterName}`;
    gelf.setConfig({
      fields: { app: service, token: key },
      adapterName,
      adapterOptions: { host: "127.0.0.1", port: portOf(`gelf_${adapterName}`) },
    });
    // Longer than a datagram even when it is compressed.
    const details = Array.from({ length: 2_000 }, (_, index) => (index * 2_654_435_761).toString(36)).join(" ");
    gelf.message("declined", 3, { order: 42 });
    gelf.message("with details", 4, { details });

    await expect.poll(() => entryOf(service, "declined")).toMatchObject({ level: "error", attributes: { order: 42 } });
    await expect
      .poll(() => entryOf(service, "with details"))
      .toMatchObject({ level: "warning", attributes: { details } });
    expect(JSON.stringify(await entriesOf(service))).not.toContain(key);
  });
}

const forwardTo = (port: number, more: object = {}) => ({
  // By itself it closes a connection that says nothing for three seconds, and then takes the answer for an error.
  socket: { host: "127.0.0.1", port, timeout: 60_000 },
  ack: { ackTimeout: 60_000 },
  ...more,
});

const MODES: readonly EventModes[] = ["Message", "Forward", "PackedForward", "CompressedPackedForward"];

for (const eventMode of MODES) {
  test(`given fluent-logger in mode ${eventMode}, then it hears of each event when it is stored`, async () => {
    const client = new FluentClient(key, forwardTo(portOf("forward"), { eventMode }));
    const record = { message: `in ${eventMode}`, level: "error", nested: { n: [1, 2.5, null] } };
    const at = new Date();
    await Promise.all([
      client.emit(`web.${eventMode}`, record, EventTime.fromTimestamp(at.getTime())),
      client.emit(`web.${eventMode}`, { log: `plain ${eventMode}`, service: "other" }),
    ]);

    const entry = await entryOf(`web.${eventMode}`, record.message);
    expect(entry).toMatchObject({ level: "error", attributes: { nested: record.nested } });
    expect(new Date(String(entry?.timestamp)).getTime()).toBe(at.getTime());
    expect(await entryOf("other", `plain ${eventMode}`)).toMatchObject({
      attributes: { fluent_tag: `web.${eventMode}` },
    });
    await client.shutdown();
  });
}

test("given a wrong key, then fluent-logger is told by the end of the connection, and the log and /metrics say why", async () => {
  const client = new FluentClient(`cw_${"x".repeat(43)}`, forwardTo(portOf("forward"), { ack: { ackTimeout: 500 } }));
  const ended = new Promise<void>((resolve) => client.socketOn(FluentSocketEvent.CLOSE, () => resolve()));
  await expect(client.emit("web", { message: "not let in" })).rejects.toThrow();
  await ended;
  await client.shutdown();

  const metrics = async () => {
    const response = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    return response.text();
  };
  const counted = /^cordwood_listener_dropped_total\{listener="forward",reason="unauthorised"\} [1-9]/m;
  await expect.poll(metrics).toMatch(counted);
  expect(server.output).toContain('"reason":"unauthorised"');
});

test("given the listeners, then /readyz names them", async () => {
  const ready = z.object({ listeners: z.array(z.string()) }).parse((await server.get("/readyz")).body);
  expect(ready.listeners.toSorted()).toEqual([
    "forward",
    "gelf_tcp",
    "gelf_udp",
    "syslog_tcp",
    "syslog_tls",
    "syslog_udp",
  ]);
});

test("given the server killed while fluent-logger sends with acknowledgements, then nothing acknowledged is missing, nothing is double", async () => {
  const port = String(portOf("forward"));
  const acknowledged: string[] = [];
  for (const round of [1, 2]) {
    let isRunning = true;
    const clients = Array.from({ length: 4 }, () => {
      const client = new FluentClient(key, forwardTo(Number(port), { eventMode: "Forward" }));
      client.socketOn(FluentSocketEvent.ERROR, () => undefined);
      return client;
    });
    const sending = clients.map(async (client, sender) => {
      for (let batch = 0; isRunning; batch++) {
        const messages = Array.from({ length: 50 }, (_, index) => `kill ${round}/${sender}/${batch}/${index}`);
        await Promise.allSettled(
          messages.map((message) => client.emit("killed", { message }).then(() => acknowledged.push(message))),
        );
      }
    });
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { intervals: [20], timeout: 60_000 }).toBeGreaterThan(before + 1_000);
    await server.end("SIGKILL");
    isRunning = false;
    // What waits for an acknowledgement is rejected.
    for (const client of clients) await client.shutdown();
    await Promise.all(sending);
    await server.start({ ...WITH_ADMIN, ...FREE, ...TLS, CORDWOOD_FORWARD_PORT: port });
  }

  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  const { rows } = await client.query(
    "select message, count(*)::int as count from logs.logs where service = 'killed' group by 1",
  );
  const stored = z.array(z.object({ message: z.string(), count: z.number() })).parse(rows);
  const counted = await client.query("select sum(count)::int as count from logs.stats_minute where service = 'killed'");
  await client.end();
  expect(stored.filter(({ count }) => count !== 1)).toEqual([]);
  const messages = new Set(stored.map(({ message }) => message));
  expect(acknowledged.filter((message) => !messages.has(message))).toEqual([]);
  expect(counted.rows).toEqual([{ count: stored.length }]);
});

test("given a shared key, then fluent-logger with it is let in, and one without is not", async () => {
  const port = String(portOf("forward"));
  await server.end("SIGTERM");
  await server.start({
    ...WITH_ADMIN,
    CORDWOOD_FORWARD_PORT: port,
    CORDWOOD_FORWARD_SHARED_KEY: "a-shared-key-of-tests",
  });
  const security = { clientHostname: "client", sharedKey: "a-shared-key-of-tests" };
  const client = new FluentClient("shared", forwardTo(Number(port), { security }));
  await client.emit({ message: "let in" });
  await client.shutdown();
  expect(await entryOf("shared", "let in")).toMatchObject({ level: "info" });

  const other = new FluentClient("shared", forwardTo(Number(port), { ack: { ackTimeout: 500 } }));
  const ended = new Promise<void>((resolve) => other.socketOn(FluentSocketEvent.CLOSE, () => resolve()));
  await expect(other.emit({ message: "not let in" })).rejects.toThrow();
  await ended;
  await other.shutdown();
  expect(await entryOf("shared", "not let in")).toBeUndefined();
});
