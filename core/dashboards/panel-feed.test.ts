import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LIMITS } from "@/core/limits";
import { sealSpan } from "@/core/segments/seal-span";
import { testDatabase } from "@/core/testing/test-database";
import { Client, entry, Instance, until } from "@/core/testing/watching";
import { PanelFeed } from "./panel-feed";
import type { PanelSource } from "./panel-source";
import { readPanel } from "./read-panel";

const NOW = "2026-03-10T12:00:30Z";
const context = testDatabase(NOW);

let instance: Instance;
let clients: Client[];
beforeEach(async () => {
  context.clock.set(NOW);
  await context.db.execute(
    sql`truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.patterns`,
  );
  instance = new Instance(context);
  clients = [];
});
afterEach(() => instance.hub.close());

const LAST_HOUR = { range: "1h", zone: "UTC" };
const stats = (q: string, time: Extract<PanelSource, { kind: "stats" }>["time"] = LAST_HOUR): PanelSource => ({
  kind: "stats",
  q,
  time,
});

function watch(source: PanelSource): Client {
  const client = new Client();
  clients.push(client);
  client.leave = instance.hub.watchPanel(source, client);
  return client;
}

const last = (client: Client) => client.named("stats").at(-1)?.data;
const rowsOf = (client: Client) => Object(last(client)).rows;

describe("panels that many look at", () => {
  test("given a dashboard of 20 panels in 50 browsers, when they are opened and lines come, then each panel is computed once for all", async () => {
    // No notice wakes it, so that the test says when it hears of what came.
    const feed = new PanelFeed(instance.context);
    feed.isListening = true;
    await instance.send(entry("a", { duration: 1 }), entry("b", { duration: 5 }));
    const sources = Array.from({ length: 20 }, (_, index) => stats(`duration>${index} | stats count() as n`));
    for (let browser = 0; browser < 50; browser++) {
      for (const source of sources) {
        const client = new Client();
        clients.push(client);
        client.leave = feed.add(source, client);
      }
    }
    const all = (durations: number[]) =>
      until(() => {
        feed.tick();
        for (const [index, client] of clients.entries()) {
          expect(rowsOf(client)).toEqual([[durations.filter((duration) => duration > index % 20).length]]);
        }
      });
    await all([1, 5]);
    expect(feed.computations).toBe(20);

    // More who come, in whatever way, get what there is.
    await Promise.all(sources.map((source) => feed.read(source)));
    expect(feed.computations).toBe(20);

    await instance.send(entry("c", { duration: 100 }));
    feed.wake("alerts");
    expect(await feed.read(sources[0] ?? stats(""))).toContain('"rows":[[2]]');
    feed.wake("entries");
    await all([1, 5, 100]);
    expect(feed.computations).toBe(40);
    expect(new Set(clients.map((client) => client.named("stats").length))).toEqual(new Set([2]));
    for (const client of clients) client.leave();
    await feed.stop();
  });

  test("given many who ask once for the same at the same time, then it is computed once, and for who asks for something else again", async () => {
    await instance.send(entry("a"), entry("b", { level: "error" }));
    const all = await Promise.all(Array.from({ length: 50 }, () => instance.hub.readPanel(stats("* | stats count()"))));
    expect(new Set(all.map((text) => JSON.parse(text).rows[0][0]))).toEqual(new Set([2]));
    expect(instance.hub.panelComputations).toBe(1);
    await instance.hub.readPanel(stats("level:error | stats count()"));
    await instance.hub.readPanel(stats("* | stats count()", { range: "2h", zone: "UTC" }));
    expect(instance.hub.panelComputations).toBe(3);
  });

  test("given nothing new, when the minute changes, then the panel moves with it", async () => {
    await instance.send(entry("a", { timestamp: "2026-03-10T11:00:10Z" }));
    const client = watch(stats("* | stats count() as n"));
    await until(() => expect(rowsOf(client)).toEqual([[1]]));
    context.clock.set("2026-03-10T12:01:00Z");
    await until(() => expect(rowsOf(client)).toEqual([[0]]));
  });

  test("given one without room, when it has room again, then it gets the latest alone", async () => {
    const slow = watch(stats("* | stats count() as n"));
    const quick = watch(stats("* | stats count() as n"));
    await until(() => expect(rowsOf(slow)).toEqual([[0]]));
    slow.isBlocked = true;
    await instance.send(entry("a"));
    await until(() => expect(rowsOf(quick)).toEqual([[1]]));
    await instance.send(entry("b"));
    await until(() => expect(rowsOf(quick)).toEqual([[2]]));
    expect(slow.named("stats")).toHaveLength(1);
    slow.isBlocked = false;
    await until(() => expect(rowsOf(slow)).toEqual([[2]]));
    expect(slow.named("stats")).toHaveLength(2);
  });

  test("given a panel that can't be computed, then its reason is told, and the others go on", async () => {
    const good = watch(stats("* | stats count() as n"));
    await until(() => expect(rowsOf(good)).toEqual([[0]]));
    await context.db.execute(sql`alter table logs.stats_minute rename to stats_minute_away`);
    const bad = watch(stats("level:error | stats count() as n"));
    await until(() => expect(bad.named("problem").length).toBeGreaterThan(0));
    expect(bad.named("problem")[0]?.data).toEqual({
      error: "the panel could not be computed just now; it is tried again",
    });
    await context.db.execute(sql`alter table logs.stats_minute_away rename to stats_minute`);
    await instance.send(entry("a", { level: "error" }));
    await until(() => expect([rowsOf(good), rowsOf(bad)]).toEqual([[[1]], [[1]]]));
    expect(good.named("problem")).toEqual([]);
  });
});

describe("who asks once", () => {
  /** While it is locked nothing can be counted. */
  let locking: pg.Client;
  beforeEach(async () => {
    locking = new pg.Client(context.url);
    await locking.connect();
    await locking.query("begin; lock table logs.stats_minute, logs.logs in access exclusive mode");
  });
  afterEach(() => locking.end());
  const waitingStatements = async () => {
    const { rows } = await context.db.execute(sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    return rows.length;
  };
  const numbered = (index: number) => stats(`n:${index} | stats count() as n`);

  test("given that they go away, then what nobody else waits for is ended, or not begun", async () => {
    const panels = new PanelFeed(instance.context);
    const leaving = [1, 2, 3].map((index) => {
      const controller = new AbortController();
      return { controller, answer: panels.read(numbered(index), controller.signal) };
    });
    await until(async () => expect(await waitingStatements()).toBe(2));
    const staying = panels.read(numbered(2));
    for (const { controller } of leaving) controller.abort(new Error("gone"));
    for (const { answer } of leaving) await expect(answer).rejects.toThrow("gone");
    await until(async () => expect(await waitingStatements()).toBe(1));
    await locking.query("rollback");

    expect(await staying).toContain('"rows":[[0]]');
    expect(panels.computations).toBe(2);
    expect(await panels.read(numbered(1))).toContain('"rows":[[0]]');
    await panels.stop();
  });

  test("given as many as may wait, then the next is told to come again, save for what is being computed", async () => {
    const panels = new PanelFeed(instance.context);
    const asked = [1, 2].map((index) => panels.read(numbered(index)));
    await until(async () => expect(await waitingStatements()).toBe(2));
    for (let index = 3; index < LIMITS.waitingPanels + 3; index++) asked.push(panels.read(numbered(index)));
    await expect(panels.read(numbered(-1))).rejects.toMatchObject({ kind: "too_busy" });
    asked.push(panels.read(numbered(5)));
    await locking.query("rollback");

    expect(new Set((await Promise.all(asked)).map((text) => JSON.parse(text).rows[0][0]))).toEqual(new Set([0]));
    expect(panels.computations).toBe(LIMITS.waitingPanels + 2);
    await panels.stop();
  });

  test("given panels that are watched, when more of them wait than may for who asks once, then who asks once is answered", async () => {
    const panels = new PanelFeed(instance.context);
    for (let index = 0; index < LIMITS.waitingPanels + 3; index++) {
      const client = new Client();
      clients.push(client);
      client.leave = panels.add(numbered(index), client);
    }
    await until(async () => expect(await waitingStatements()).toBe(2));
    const asked = panels.read(numbered(-1));
    await Promise.all([locking.query("rollback"), asked]);
    expect(await asked).toContain('"rows":[[0]]');
    for (const client of clients) client.leave();
    await panels.stop();
  });
});

describe("what panels show", () => {
  test("given lines, then the newest of them come without their attributes, also those that are sealed", async () => {
    const at = (minute: number) => `2026-03-10T11:0${minute}:00Z`;
    await instance.send(...[1, 2, 3].map((minute) => entry(`line ${minute}`, { timestamp: at(minute), left: "out" })));
    await sealSpan(instance.context, {
      from: new Date("2026-03-10T11:00:00Z"),
      to: new Date("2026-03-10T11:02:30Z"),
      splits: false,
    });
    const client = watch({ kind: "lines", q: "line", limit: 2, time: LAST_HOUR });
    await until(() => expect(Object(last(client)).entries).toHaveLength(2));
    const { entries } = Object(last(client));
    expect(entries.map(({ message }: { message: string }) => message)).toEqual(["line 3", "line 2"]);
    expect(entries[0]).not.toHaveProperty("attributes");
  });

  test("given services, then the health of those that are named, or of all that need attention first", async () => {
    const errors = Array.from({ length: 60 }, () => entry("boom", { service: "pay", level: "error" }));
    await instance.send(entry("fine"), entry("fine", { service: "cart" }), ...errors);
    const [named, all] = [["cart", "gone"], []].map((services) => watch({ kind: "health", services }));
    await until(() => expect(clients.map(last)).not.toContain(undefined));
    expect(named && last(named)).toMatchObject({ total: 1, services: [{ service: "cart", status: "OK" }] });
    expect(all && last(all)).toMatchObject({ total: 3, services: [{ service: "pay", status: "Error" }, {}, {}] });
  });

  test("given incidents, when one is opened and resolved, then those that are open are told, of the services that are named", async () => {
    const [mine, other] = [["pay"], ["shop"]].map((services) => watch({ kind: "incidents", services }));
    const openOf = (client: Client | undefined) => client && Object(last(client)).incidents?.length;
    await until(() => expect([openOf(mine), openOf(other)]).toEqual([0, 0]));
    await context.db.execute(sql`
      insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at) values ('pay', 'error', ${NOW}, ${NOW}, ${NOW})`);
    await context.db.execute(sql`select pg_notify('cordwood_alerts', '')`);
    await until(() => expect([openOf(mine), openOf(other)]).toEqual([1, 0]));
    await context.db.execute(sql`update logs.alert_incidents set resolved_at = ${NOW}`);
    await context.db.execute(sql`select pg_notify('cordwood_alerts', '')`);
    await until(() => expect(openOf(mine)).toBe(0));
  });

  test("given more incidents than a panel has room for, then it says that there are more, and at the last that has room that there are none", async () => {
    const open = (from: number, to: number) =>
      context.db.execute(sql`
        insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at)
        select 'service ' || number, 'error', ${NOW}, ${NOW}, ${NOW} from generate_series(${from}::int, ${to}::int) as number`);
    const { signal } = new AbortController();
    const read = async () => Object(await readPanel(instance.context, { kind: "incidents", services: [] }, signal));
    await open(1, LIMITS.panelRows);
    const whole = await read();
    expect([whole.incidents.length, whole.has_more]).toEqual([LIMITS.panelRows, false]);
    await open(LIMITS.panelRows + 1, LIMITS.panelRows + 1);
    const cut = await read();
    expect([cut.incidents.length, cut.has_more]).toEqual([LIMITS.panelRows, true]);
  });
});

test("given a range that moves with the clock, then its table begins and ends with whole steps, as wide as those of the range", async () => {
  const table = async (range: string, q = "* | timeseries count() as n") =>
    JSON.parse(await instance.hub.readPanel(stats(q, { range, zone: "UTC" })));
  expect(await table("1h")).toMatchObject({
    step_seconds: 60,
    from: "2026-03-10T11:00:00.000Z",
    to: "2026-03-10T12:01:00.000Z",
  });
  context.clock.set("2026-03-10T12:07:30Z");
  expect(await table("1d")).toMatchObject({
    step_seconds: 900,
    from: "2026-03-09T12:00:00.000Z",
    to: "2026-03-10T12:15:00.000Z",
  });
  expect(await table("1d", "* | stats count()")).toMatchObject({
    step_seconds: null,
    from: "2026-03-09T12:07:00.000Z",
    to: "2026-03-10T12:08:00.000Z",
  });
});
