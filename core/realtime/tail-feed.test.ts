import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { createLogger } from "@/core/logger";
import { testDatabase } from "@/core/testing/test-database";
import { Client, entry, Instance, tailOf, until, untilBlocked, untilNotBlocked } from "@/core/testing/watching";
import { databaseOf } from "@/db/client";
import { forgetCommits } from "./commits";
import { decodePosition } from "./position";
import { TailFeed } from "./tail-feed";

const NOW = "2026-03-10T12:00:00Z";
/** Of a partition of its own, that can be locked. */
const OLD = "2026-03-08T06:00:00Z";
const context = testDatabase(NOW);

class Tailing extends Client {
  hasJoined = false;
}

let one: Instance;
let two: Instance;
/** Of the first instance. No notice wakes it, so that a test says when it looks. */
let feed: TailFeed;
let clients: Tailing[];
let unlock = async () => {};
beforeEach(() => {
  context.clock.set(NOW);
  one = new Instance(context);
  two = new Instance(context);
  feed = new TailFeed(one.context);
  clients = [];
});
afterEach(async () => {
  await unlock();
  for (const client of clients) client.leave();
});

function join(q: string, lastEventId: string | null = null, client = new Tailing(), to = feed): Tailing {
  clients.push(client);
  const joined = () => {
    client.hasJoined = true;
  };
  client.leave = to.add(tailOf(q), client, decodePosition(lastEventId), joined);
  return client;
}

const joined = (client: Tailing) => until(() => expect(client.hasJoined).toBe(true));

async function tailing(q: string, to = feed): Promise<Tailing> {
  const client = join(q, null, new Tailing(), to);
  await joined(client);
  return client;
}

/** Where one is who broke off behind the first of two lines. */
async function amidTwo(): Promise<string | null> {
  const client = await tailing("wanted");
  await one.send(entry("wanted 1"), entry("wanted 2"));
  feed.wake();
  await until(() => expect(client.messages).toEqual(["wanted 1", "wanted 2"]));
  client.leave();
  return client.named("log")[0]?.id ?? null;
}

/** Lets nobody read the partition of old entries until it is unlocked. */
async function lockOld(): Promise<void> {
  const { rows } = await context.db.execute<{ part: string }>(sql`
    select tableoid::regclass::text as part from logs.logs where timestamp = ${OLD}::timestamptz limit 1`);
  const holder = await context.pool.connect();
  await holder.query(`begin; lock table ${rows[0]?.part} in access exclusive mode`);
  unlock = async () => {
    unlock = async () => {};
    await holder.query("commit");
    holder.release();
  };
}

test("given one who broke off amid a transaction, when reading what came since fails, then others join and it gets the rest once", async () => {
  const pool = new pg.Pool({ connectionString: context.url, options: "-c timezone=UTC -c lock_timeout=100ms" });
  const failures: string[] = [];
  const logger = createLogger("warn", { write: (line: string) => failures.push(line) });
  const failing = new TailFeed({ ...one.context, db: databaseOf(pool), logger });
  const place = await amidTwo();
  await one.send(entry("wanted 3", { timestamp: OLD }));
  await lockOld();
  const back = join("wanted", place, new Tailing(), failing);
  await until(() => expect(failures.length).toBeGreaterThan(0));
  await tailing("other", failing);
  await unlock();
  await joined(back);
  expect(back.messages).toEqual(["wanted 2", "wanted 3"]);
  for (const client of clients) client.leave();
  await pool.end();
});

test("given more at once than can be looked at, then entries of another instance that were committed before are not left out", async () => {
  const client = await tailing("");
  await two.send(entry("elsewhere 1"), entry("elsewhere 2"));
  const count = LIMITS.tailMatches + 500;
  await one.send(...Array.from({ length: count }, (_, index) => entry(`n ${index}`)));
  await two.send(entry("elsewhere 3"));
  feed.wake();
  await until(() => expect(client.named("gap")).toHaveLength(1));
  expect(client.messages.slice(0, 3)).toEqual(["elsewhere 1", "elsewhere 2", "n 0"]);
  expect(client.events.at(-1)?.data).toEqual({ count: count + 3 - client.messages.length, reason: "busy" });
});

test("given a transaction that was lost as the database broke down, when its number is given once more, then tails get what is committed under it", async () => {
  const client = await tailing("");
  await two.send(entry("before"));
  const holder = await context.pool.connect();
  await holder.query("begin; lock table logs.ingest_commits in exclusive mode");
  const lost = one.send(entry("lost"));
  await untilBlocked(context);
  const { rows } = await context.db.execute<{ number: string }>(sql`
    select backend_xid::text as number, pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and backend_xid is not null`);
  await expect(lost.finally(() => holder.query("rollback"))).rejects.toThrow("the database can't be reached");
  holder.release();
  // One looks while the number is taken for one that came to nothing.
  const { position } = feed;
  feed.wake();
  await until(() => expect(feed.position).not.toBe(position));
  const number = rows[0]?.number;
  await context.db.execute(sql`
    insert into logs.logs (id, timestamp, service, level, message, pattern) overriding system value
    values (${number}::bigint << 24, ${NOW}::timestamptz, 'shop', 'info', 'there', 1)`);
  await context.db.execute(sql`
    insert into logs.ingest_commits
    values (${number}::xid8, 1, ${NOW}::timestamptz, ${NOW}::timestamptz, ${NOW}::timestamptz)`);
  feed.wake();
  await until(() => expect(client.messages).toEqual(["before", "there"]));
  expect(client.named("gap")).toEqual([]);
});

test("given entries of another instance that can't be read in time, then they are told as a gap before anything behind them", async () => {
  const client = await tailing("");
  await two.send(entry("unread 1", { timestamp: OLD }), entry("unread 2", { timestamp: OLD }));
  await one.send(entry("from memory"));
  await lockOld();
  feed.wake();
  await until(() => expect(client.events).toHaveLength(2));
  await unlock();
  expect(client.events[0]).toEqual({ event: "gap", id: undefined, data: { count: 2, reason: "busy" } });
  expect(client.messages).toEqual(["from memory"]);
});

test("given entries of another instance that can't be read in time at first, as of a database that was away, then they come a moment later", async () => {
  const client = await tailing("");
  await two.send(entry("first", { timestamp: OLD }));
  await one.send(entry("from memory"));
  await lockOld();
  feed.wake();
  await untilBlocked(context);
  // Until the time of the first attempt is up.
  await untilNotBlocked(context);
  await unlock();
  await until(() => expect(client.messages).toEqual(["first", "from memory"]));
  expect(client.named("gap")).toEqual([]);
});

test("given late entries of another instance beside new ones, then what lies between is not read", async () => {
  const client = await tailing("");
  await two.send(entry("between", { timestamp: OLD }));
  feed.wake();
  await until(() => expect(client.messages).toEqual(["between"]));
  await lockOld();
  await two.send(entry("new"));
  await two.send(entry("late", { timestamp: "2026-03-06T06:00:00Z" }));
  feed.wake();
  await until(() => expect(client.events).toHaveLength(3));
  expect(client.messages).toEqual(["between", "new", "late"]);
});

test("given one who comes from another instance that is ahead, then it gets nothing twice", async () => {
  const ahead = new TailFeed(two.context);
  const client = await tailing("wanted", ahead);
  await tailing("other");
  await two.send(entry("late", { timestamp: OLD }));
  await lockOld();
  feed.wake();
  await untilBlocked(context);
  await two.send(entry("wanted 1"));
  ahead.wake();
  await until(() => expect(client.messages).toEqual(["wanted 1"]));
  client.leave();
  const back = join("wanted", client.lastEventId);
  await unlock();
  await joined(back);
  await two.send(entry("wanted 2"));
  feed.wake();
  await until(() => expect(back.messages).toContain("wanted 2"));
  expect(back.messages).toEqual(["wanted 2"]);
});

test("given many who come back and whose entries take long to read, then those who tail don't wait for all of them", async () => {
  const place = await amidTwo();
  await two.send(entry("wanted 3", { timestamp: OLD }));
  const live = await tailing("live");
  await lockOld();
  const back = [1, 2, 3].map(() => join("wanted", place));
  await untilBlocked(context);
  await one.send(entry("live"));
  feed.wake();
  await until(() => expect(live.messages).toEqual(["live"]));
  const waited = back.filter(({ hasJoined }) => hasJoined).length;
  await unlock();
  expect(waited).toBeLessThan(3);
});

test("given one who missed more than it can take, then it gets all of it piece by piece, and what comes meanwhile behind it", async () => {
  const start = await tailing("wanted");
  await one.send(entry("wanted"));
  feed.wake();
  await until(() => expect(start.messages).toHaveLength(1));
  start.leave();
  const lines = Array.from({ length: 300 }, (_, index) => `wanted ${index} ${"x".repeat(60_000)}`);
  for (const from of [0, 100, 200]) await two.send(...lines.slice(from, from + 100).map((line) => entry(line)));

  /** Has room for one piece at a time. */
  class Slow extends Tailing {
    override write(bytes: Uint8Array): void {
      expect(this.isBlocked).toBe(false);
      super.write(bytes);
      this.isBlocked = true;
    }
  }
  const slow = join("wanted", start.lastEventId, new Slow());
  await until(() => expect(slow.isBlocked).toBe(true));
  await one.send(entry("wanted meanwhile"));
  feed.wake();
  expect(slow.hasJoined).toBe(false);
  expect(slow.pieces[0]?.length).toBeLessThan(2 * LIMITS.tailBytes);
  await until(() => {
    slow.isBlocked = false;
    feed.tick();
    expect(slow.hasJoined).toBe(true);
  });
  slow.isBlocked = false;
  expect(slow.messages).toEqual([...lines, "wanted meanwhile"]);
  expect(slow.named("gap")).toEqual([]);
});

test("given one who missed more entries than one gets back, then it is told so behind the first of them", async () => {
  const place = await amidTwo();
  const count = LIMITS.resumedEntries + 10;
  await one.send(...Array.from({ length: count }, (_, index) => entry(`wanted n ${index}`)));
  const back = join("wanted", place);
  await joined(back);
  await until(() => expect(back.events).toHaveLength(LIMITS.resumedEntries + 1));
  expect(back.messages.slice(0, 2)).toEqual(["wanted 2", "wanted n 0"]);
  expect(back.events.at(-1)).toMatchObject({ event: "gap", data: { count: null, reason: "busy" } });
});

test("given a database that could not be asked for so long that commits are forgotten, then all are told of a gap", async () => {
  const client = await tailing("");
  await two.send(entry("missed"));
  context.clock.set("2026-03-10T12:25:00Z");
  expect(feed.position?.atMs).toBe(Date.parse(NOW));
  expect((await forgetCommits(context)).forgotten).toBeGreaterThan(0);
  await two.send(entry("after"));
  feed.wake();
  await until(() => expect(client.named("gap").map(({ data }) => data)).toEqual([{ count: null, reason: "expired" }]));
  await two.send(entry("new"));
  feed.wake();
  await until(() => expect(client.messages).toEqual(["new"]));
  expect(feed.position?.atMs).toBe(Date.parse("2026-03-10T12:25:00Z"));
});

test("given a position of another database, whose transactions are ahead, then its client is told of a gap", async () => {
  const client = join("", `${Date.parse(NOW)}~900000000000:900000000000:`);
  await joined(client);
  await until(() => expect(client.named("gap").map(({ data }) => data)).toEqual([{ count: null, reason: "expired" }]));
});
