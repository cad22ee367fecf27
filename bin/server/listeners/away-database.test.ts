import { once } from "node:events";
import net from "node:net";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createKey } from "@/core/access/keys/create-key";
import { keyInputSchema } from "@/core/access/schemas";
import { testDatabase } from "@/core/testing/test-database";
import { metricOf, storedEntries } from "@/core/testing/test-listeners";
import { datagrams, stream } from "@/core/testing/test-sockets";
import { createPool, databaseOf } from "@/db/client";
import { TestListening } from "./test-listening";

const database = testDatabase("2026-11-26T16:00:00Z");

/** A way to PostgreSQL that can be cut. */
class Link {
  private readonly sockets = new Set<net.Socket>();
  private isCut = false;
  private server: net.Server | undefined;

  /** @returns the URL of the same database at the other end */
  async open(url: string): Promise<string> {
    const { host, port } = new pg.Client({ connectionString: url });
    const target = host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
    const server = net.createServer((socket) => {
      if (this.isCut) {
        socket.destroy();
        return;
      }
      const behind = net.connect(target);
      for (const one of [socket, behind]) this.sockets.add(one.on("error", () => undefined));
      socket.pipe(behind).pipe(socket);
      socket.on("close", () => behind.destroy());
      behind.on("close", () => socket.destroy());
    });
    this.server = server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const linked = new URL(url);
    linked.searchParams.delete("host");
    linked.host = `127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
    return linked.href;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server?.close();
  }
}

const link = new Link();
const listening = new TestListening(database, 5_000);
let key = "";

beforeAll(async () => {
  const direct = database.pool;
  const url = await link.open(database.url);
  database.pool = createPool(url, () => undefined);
  database.db = databaseOf(database.pool);
  await direct.end();
  const input = keyInputSchema.parse({ name: "k", scopes: ["ingest"], services: null });
  key = (await createKey(database, input, "a test")).key;
});
beforeEach(async () => {
  await database.db.execute(sql`truncate logs.logs, logs.stats_minute`);
  const environment = { CORDWOOD_SYSLOG_PORT: "0" };
  await listening.start({ environment, isOnLoopback: false });
});
afterEach(() => link.mend());
afterAll(() => link.close());

const stored = async () => (await storedEntries(database)).map(({ message }) => message);
const held = (listener: string) => metricOf(listening.context, `cordwood_listener_held_bytes{listener="${listener}"}`);
const keyed = (message: string) => `<14>1 - h app - - [cordwood@32473 token="${key}"] ${message}`;

test("given messages with a key that come while the database is away, then they are stored when it is there again", async () => {
  const find = vi.spyOn(listening.context.access.keys, "principalOf");
  link.cut();
  const closed = stream(listening.port, `${keyed("over TCP")}\n`);
  await datagrams(listening.port, [keyed("over UDP")]);
  await expect.poll(() => find.mock.calls.length).toBeGreaterThan(4);
  expect([await held("syslog_tcp"), await held("syslog_udp")]).not.toContain(0);
  link.mend();

  await closed;
  await expect.poll(stored).toEqual(["over TCP", "over UDP"]);
  for (const listener of ["syslog_tcp", "syslog_udp"]) expect(await listening.dropped(listener, "failed")).toBe(0);
});
