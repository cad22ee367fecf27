import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { testDatabase } from "@/core/testing/test-database";
import { Client, entry, Instance, until, untilBlocked } from "@/core/testing/watching";
import { changesSnapshot } from "./incident-changes";
import { decodePosition, encodePosition, positionAt } from "./position";
import { StatsFeed } from "./stats-feed";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);

let instance: Instance;
/** No notice wakes it, so that a test says when it looks. */
let feed: StatsFeed;
let clients: Client[];
beforeEach(() => {
  instance = new Instance(context);
  feed = new StatsFeed(instance.context);
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.leave();
});

function join(lastEventId: string | null, to = feed): Client {
  const client = new Client();
  clients.push(client);
  client.leave = to.add({ name: "dashboard" }, client, decodePosition(lastEventId));
  return client;
}

async function watching(lastEventId: string | null = null, to = feed): Promise<Client> {
  const client = join(lastEventId, to);
  await until(() => expect(client.named("stats").length).toBeGreaterThan(0));
  return client;
}

/** @returns the ids of the incidents that were opened, in one transaction */
async function openIncidents(...services: string[]): Promise<number[]> {
  const { rows } = await context.db.execute<{ id: string }>(sql`
    insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at)
    select service, 'error', ${NOW}::timestamptz, ${NOW}::timestamptz, ${NOW}::timestamptz
    from unnest(${sql.param(services)}::text[]) as service returning id`);
  return rows.map(({ id }) => Number(id));
}

const alertsOf = (client: Client) => client.named("alert").map(({ data }) => data);

test("given figures computed before an alert, when one comes back and gets both, then it is behind the alert", async () => {
  const first = await watching();
  const before = first.lastEventId;
  await openIncidents("pay");
  feed.wakeAlerts();
  await until(() => expect(alertsOf(first)).toHaveLength(1));
  const back = await watching(before);
  expect(back.events.map(({ event }) => event)).toEqual(["alert", "stats"]);
  const again = await watching(back.lastEventId);
  expect(alertsOf(again)).toEqual([]);
});

test("given one who had no room for the last figures, when it has, then it gets them though nothing new comes", async () => {
  const slow = await watching();
  const quick = await watching();
  slow.isBlocked = true;
  await instance.send(entry("boom", { level: "error" }));
  feed.wakeStats();
  const last = (client: Client) => client.named("stats").at(-1)?.data;
  const figures = { service_stats: { shop: { count_by_level: { error: 1 } } } };
  await until(() => expect(last(quick)).toMatchObject(figures));
  expect(slow.named("stats")).toHaveLength(1);
  feed.tick();
  slow.isBlocked = false;
  feed.tick();
  await until(() => expect(last(slow)).toMatchObject(figures));
  feed.tick();
  expect(slow.pieces).toHaveLength(2);
});

test("given more incidents at once than a list of them holds, then all are told, each once, as they were then", async () => {
  const client = await watching();
  const count = LIMITS.listedAlerts + 10;
  await openIncidents(...Array.from({ length: count }, (_, index) => `many ${index}`));
  feed.wakeAlerts();
  await until(() => expect(client.named("alert")).toHaveLength(count));
  expect(new Set(alertsOf(client).map(({ incident }) => Object(incident).id)).size).toBe(count);
});

test("given a change while another is read, then each is told as it was, and not again to one who comes with a position behind both", async () => {
  const client = await watching();
  const [id] = await openIncidents("ahead");
  const holder = await context.pool.connect();
  // Details of incidents are read behind the snapshot that shows them, and can't be while this is held.
  await holder.query("begin; lock table logs.alert_violations in access exclusive mode");
  let back: Client;
  try {
    feed.wakeAlerts();
    await untilBlocked(context);
    await context.db.execute(sql`update logs.alert_incidents set acknowledged_at = now() where id = ${id}`);
    const seen = await changesSnapshot(context.db);
    back = join(encodePosition(positionAt(seen, context.clock.now())));
  } finally {
    await holder.query("commit");
    holder.release();
  }
  await until(() => expect(back.named("stats").length).toBeGreaterThan(0));
  feed.wakeAlerts();
  await until(() => expect(alertsOf(client)).toHaveLength(2));
  expect(alertsOf(client)).toMatchObject([
    { change: "opened", incident: { id, state: "open" } },
    { change: "changed", incident: { id, state: "acknowledged" } },
  ]);
  await context.db.execute(sql`update logs.alert_incidents set resolved_at = now() where id = ${id}`);
  feed.wakeAlerts();
  await until(() => expect(alertsOf(back)).not.toEqual([]));
  expect(alertsOf(back)).toMatchObject([{ change: "resolved", incident: { id } }]);
});

test("given a position that is too old, or of another database, when its client comes back, then it gets the figures of now and no changes", async () => {
  await watching();
  const old = encodePosition(
    positionAt(await changesSnapshot(context.db), new Date(Date.parse(NOW) - LIMITS.resumeMs - 1)),
  );
  await openIncidents("since");
  for (const position of ["0~1:1:", old, `${Date.parse(NOW)}~900000000000:900000000000:`]) {
    const back = await watching(position);
    expect(alertsOf(back)).toEqual([]);
  }
});

test("given a number that was given to a transaction which came to nothing, when it is given once more after a crash, then a change under it is told", async () => {
  const client = await watching();
  const [id] = await openIncidents("known");
  feed.wakeAlerts();
  await until(() => expect(alertsOf(client)).toHaveLength(1));
  const holder = await context.pool.connect();
  try {
    await holder.query("begin");
    const { rows } = await holder.query<{ number: string }>("select pg_current_xact_id()::text as number");
    await holder.query("rollback");
    // Somebody looks meanwhile, and comes back with what it has seen.
    const { lastEventId } = await watching();
    // No trigger says in which transaction this is.
    await holder.query("begin; set local session_replication_role = replica");
    await holder.query("update logs.alert_incidents set acknowledged_at = now(), changed_in = $1::xid8 where id = $2", [
      rows[0]?.number,
      id,
    ]);
    await holder.query("commit");
    feed.wakeAlerts();
    const told = [{ change: "opened" }, { change: "changed", incident: { id, state: "acknowledged" } }];
    await until(() => expect(alertsOf(client)).toMatchObject(told));
    const back = await watching(lastEventId);
    expect(alertsOf(back)).toMatchObject(told.slice(1));
  } finally {
    holder.release();
  }
});
