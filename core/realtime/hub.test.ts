import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createConfig } from "@/core/alerts/configs/create-config";
import { acknowledgeIncident } from "@/core/alerts/incidents/acknowledge-incident";
import { resolveOverdue } from "@/core/alerts/incidents/resolve-overdue";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import { SECOND_MS } from "@/core/clock";
import { LIMITS } from "@/core/limits";
import { entryText } from "@/core/search/entry-json";
import { searchLogs } from "@/core/search/search-logs";
import { testDatabase } from "@/core/testing/test-database";
import { Client, entry, Instance, tailOf, until, untilBlocked } from "@/core/testing/watching";
import { forgetCommits } from "./commits";
import { decodePosition } from "./position";

const NOW = "2026-03-10T12:00:00Z";
const context = testDatabase(NOW);
let one: Instance;
let two: Instance;
beforeEach(() => {
  context.clock.set(NOW);
  one = new Instance(context);
  two = new Instance(context);
});
afterEach(() => Promise.all([one.hub.close(), two.hub.close()]));

/** Resolves when everything that is sent from then on will come. */
async function tailing(instance: Instance, q = "", lastEventId: string | null = null): Promise<Client> {
  const client = new Client();
  client.leave = instance.hub.tail(tailOf(q), client, decodePosition(lastEventId));
  await until(() => expect(client.named("heartbeat").length).toBeGreaterThan(0));
  return client;
}

/** A tail that takes again after three lines for which it had no room. */
async function missedThree(): Promise<Client> {
  const slow = await tailing(one, "wanted");
  const quick = await tailing(one, "wanted");
  slow.isBlocked = true;
  await one.send(entry("wanted 1"), entry("wanted 2"), entry("other"), entry("wanted 3"));
  await until(() => expect(quick.messages).toHaveLength(3));
  slow.isBlocked = false;
  return slow;
}

async function watching(instance: Instance, lastEventId: string | null = null): Promise<Client> {
  const client = new Client();
  client.leave = instance.hub.watchStats({ name: "dashboard" }, client, decodePosition(lastEventId));
  await until(() => expect(client.named("stats").length).toBeGreaterThan(0));
  return client;
}

describe("a tail", () => {
  test("given rows that were written before it joined, when they are committed after that, then it gets them", async () => {
    const holder = await context.pool.connect();
    try {
      await holder.query("begin; lock table logs.stats_minute in exclusive mode");
      const sent = one.send(entry("written before"));
      await untilBlocked(context);
      const client = await tailing(one);
      await holder.query("commit");
      await sent;
      await until(() => expect(client.messages).toEqual(["written before"]));
      expect(client.named("gap")).toEqual([]);
    } finally {
      holder.release();
    }
  });

  test("given a transaction larger than what is remembered, then the tail gets every line that matches, from the database", async () => {
    const client = await tailing(one, "needle");
    const large = Array.from({ length: 200 }, (_, index) =>
      entry(`${index % 50 === 0 ? "needle" : "hay"} ${index} ${"x".repeat(60_000)}`),
    );
    await one.send(...large);
    await until(() => expect(client.messages).toHaveLength(4));
    expect(client.named("gap")).toEqual([]);
  });

  test("given two instances, when entries come through either, then each gets those that match, as a search finds them", async () => {
    const clients = [await tailing(one, "paid level>=info"), await tailing(two, "paid level>=info")];
    const attributes = { user: { id: 7 }, note: "größer\n<b>" };
    await one.send(
      entry("paid here", { attributes, tags: ["a", "b"] }),
      entry("refused"),
      entry("paid", { level: "debug" }),
    );
    await two.send(entry("Paid there", { timestamp: "2026-03-10T11:59:00.123Z", level: "fatal" }));
    for (const client of clients) await until(() => expect(client.messages).toEqual(["paid here", "Paid there"]));
    const span = { from: new Date("2026-03-10T00:00:00Z"), to: new Date("2026-03-11T00:00:00Z") };
    const { entries } = await searchLogs(context, { ...tailOf("paid level>=info"), ...span, limit: 10 });
    const expected = entries.map((found) => JSON.parse(entryText(found)));
    for (const client of clients) expect(client.named("log").map(({ data }) => data)).toEqual(expected);
  });

  test("given writers at both instances and a client that breaks off again and again, in the middle of what it gets too, then it gets everything once", async () => {
    const writers = [one, two].flatMap((instance, which) =>
      Array.from({ length: 3 }, async (_, writer) => {
        for (let batch = 0; batch < 25; batch++) {
          const name = `${which}/${writer}/${batch}`;
          await instance.send(
            ...Array.from({ length: 1 + (batch % 5) }, (_, index) => entry(`wanted ${name}/${index}`)),
            entry("other"),
          );
        }
      }),
    );
    const got: string[] = [];
    let lastEventId: string | null = null;
    const breaks = [3, 1, 17, 0, 40, 2, 5, 9, 1, 1, 30, 8];
    const start = await tailing(one, "wanted");
    lastEventId = start.named("heartbeat")[0]?.id ?? null;
    start.leave();
    const done = Promise.all(writers).then(() => true);
    // What was committed before the first position is not promised: it is counted here.
    const before = await firstSeen(lastEventId);
    for (let turn = 0; ; turn++) {
      const client = new Client();
      client.leave = (turn % 2 === 0 ? one : two).hub.tail(tailOf("wanted"), client, decodePosition(lastEventId));
      const take = breaks[turn] ?? Number.POSITIVE_INFINITY;
      if (take === Number.POSITIVE_INFINITY) {
        await done;
        await until(() => expect(got.length + client.messages.length).toBe(6 * 75 - before));
      } else await until(() => expect(client.events.length).toBeGreaterThan(take));
      client.leave();
      for (const { event, id, data } of client.events.slice(0, take === 0 ? 1 : take)) {
        if (event === "log") got.push(String(data.message));
        lastEventId = id ?? lastEventId;
      }
      if (take === Number.POSITIVE_INFINITY) break;
    }
    expect(new Set(got).size).toBe(got.length);
    expect(got).toHaveLength(6 * 75 - before);
  });

  test("given a client that takes nothing for a while, then it is told how many it missed and goes on", async () => {
    const slow = await tailing(one, "wanted");
    const quick = await tailing(one, "wanted");
    slow.isBlocked = true;
    await one.send(entry("wanted 1"), entry("wanted 2"), entry("other"));
    await one.send(entry("wanted 3"));
    await until(() => expect(quick.messages).toHaveLength(3));
    slow.isBlocked = false;
    await one.send(entry("wanted 4"));
    await until(() => expect(slow.messages).toEqual(["wanted 4"]));
    expect(slow.named("gap").map(({ data }) => data)).toEqual([{ count: 3, reason: "slow" }]);
  });

  test("given a client that takes again and nobody who writes, then it is told how many it missed", async () => {
    const slow = await missedThree();
    await until(() => expect(slow.named("gap").map(({ data }) => data)).toEqual([{ count: 3, reason: "slow" }]));
    expect(slow.messages).toEqual([]);
  });

  test("given a client that missed lines, then no position behind them comes before it is told so", async () => {
    const slow = await missedThree();
    const before = slow.events.length;
    await until(async () => expect(await endListeners()).toBe(1));
    await until(() => expect(slow.events.slice(before).map(({ event }) => event)).toContain("heartbeat"));
    const [gap, ...others] = slow.events.slice(before);
    expect(gap).toMatchObject({ event: "gap", data: { count: 3, reason: "slow" } });
    expect(others.filter(({ event }) => event === "gap")).toEqual([]);
  });

  test("given more entries at once than can be looked at, then what comes and what is left out make up all", async () => {
    const client = await tailing(one);
    const count = LIMITS.tailMatches + 500;
    await one.send(...Array.from({ length: count }, (_, index) => entry(`n ${index}`)));
    await until(() => expect(client.named("gap")).toHaveLength(1));
    const [gap] = client.named("gap");
    expect(gap?.data).toEqual({ count: count - client.messages.length, reason: "busy" });
    expect(client.messages.length).toBeGreaterThan(1_000);
    expect(client.messages).toEqual(client.messages.map((_, index) => `n ${index}`));
  });

  test("given a position of long ago or text that is none, then the one is told of a gap and the other begins now", async () => {
    const client = await tailing(one);
    const id = client.named("heartbeat")[0]?.id ?? "";
    client.leave();
    await one.send(entry("missed"));
    context.clock.set("2026-03-10T12:11:00Z");
    const late = await tailing(one, "", id);
    expect(late.named("gap").map(({ data }) => data)).toEqual([{ count: null, reason: "expired" }]);
    for (const nonsense of [
      "x",
      "1~9:1:",
      "1~1:9:12",
      "1~1:9:3,2",
      "1~0:9:",
      `${Date.parse(NOW)}~5:5:~5:5:~x`,
      "1~1:1:\n",
    ]) {
      expect(decodePosition(nonsense), nonsense).toBeNull();
    }
    await one.send(entry("new"));
    await until(() => expect(late.messages).toEqual(["new"]));
  });

  test("given a lost connection, then watchers are told, it is made again, and nothing is missed", async () => {
    const client = await tailing(one);
    const states = () => client.named("heartbeat").map(({ data }) => data.database);
    await until(async () => expect(await endListeners()).toBe(1));
    await until(() => expect(states()).toContain("lost"));
    await two.send(entry("meanwhile"));
    await until(() => expect(states().at(-1)).toBe("connected"));
    await until(() => expect(client.messages).toEqual(["meanwhile"]));
    await two.send(entry("after"));
    await until(() => expect(client.messages).toEqual(["meanwhile", "after"]));
  });

  test("given a commit that no notice tells of, then it is found at the next heartbeat all the same", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    try {
      const client = await tailing(one);
      await one.send(entry("told"));
      await until(() => expect(client.messages).toEqual(["told"]));
      await context.db.execute(sql`
        with written as (
          insert into logs.logs (id, timestamp, service, level, message) overriding system value
          select pg_current_xact_id()::text::bigint << 24, ${NOW}::timestamptz, 'shop', 'info', 'untold'
        )
        insert into logs.ingest_commits (transaction, rows, first_timestamp, last_timestamp, created_at)
        select pg_current_xact_id(), 1, ${NOW}::timestamptz, ${NOW}::timestamptz, ${NOW}::timestamptz`);
      vi.advanceTimersByTime(LIMITS.heartbeatMs + SECOND_MS);
      await until(() => expect(client.messages).toEqual(["told", "untold"]));
      client.leave();
    } finally {
      vi.useRealTimers();
    }
  });

  test("given nobody who tails, then rows are not kept, and commits but the last are forgotten after a while", async () => {
    const client = await tailing(one);
    expect(one.hub.watching).toEqual({ stream: 0, tail: 1 });
    client.leave();
    expect(one.hub.watching).toEqual({ stream: 0, tail: 0 });
    expect(one.recent.isWanted).toBe(false);
    await one.send(entry("kept"));
    await two.send(entry("kept too"));
    expect((await forgetCommits(context)).forgotten).toBe(0);
    context.clock.set("2026-03-10T12:30:00Z");
    expect((await forgetCommits(context)).forgotten).toBeGreaterThan(0);
    const { rows } = await context.db.execute(sql`
      select message from logs.logs join logs.ingest_commits on transaction = (id >> 24)::text::xid8
      where message like 'kept%'`);
    expect(rows).toEqual([{ message: "kept too" }]);
  });
});

describe("the stream", () => {
  test("given several watchers, then figures are computed once for all, and come when entries do", async () => {
    const clients = [await watching(one), await watching(one)];
    await two.send(entry("boom", { level: "error" }));
    for (const client of clients) {
      await until(() =>
        expect(client.named("stats").at(-1)?.data).toMatchObject({
          service_stats: { shop: { count_by_level: { error: 1 } } },
        }),
      );
    }
    // The very same bytes: what was computed for one was given to all.
    expect(clients[0]?.pieces.at(-1)).toBe(clients[1]?.pieces.at(-1));
    expect(one.hub.watching).toEqual({ stream: 2, tail: 0 });
  });

  test("given entries that come all the time, then figures come at most once a second", async () => {
    const started = performance.now();
    const client = await watching(one);
    for (let batch = 0; batch < 60; batch++) await one.send(entry(`n ${batch}`));
    await until(() => expect(client.named("stats").length).toBeGreaterThan(1));
    const seconds = (performance.now() - started) / 1_000;
    expect(client.named("stats").length).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
  });

  test("given an incident, then its opening, its changes and its end are told, also to one who was away", async () => {
    const thresholds = { error_threshold_per_min: 1, warning_threshold_per_min: 1 };
    await createConfig(context, alertConfigInputSchema.parse({ service: "pay", ...thresholds }));
    const client = await watching(two);
    const away = await watching(one);
    const alerts = (of: Client) => of.named("alert").map(({ data }) => data);
    const failed = entry("failed", { service: "pay", level: "error", timestamp: NOW });
    await one.send(failed, failed);
    await until(() =>
      expect(alerts(client)).toMatchObject([{ change: "opened", incident: { service: "pay", state: "open" } }]),
    );
    await until(() => expect(away.named("alert")).toHaveLength(1));
    const lastEventId = away.lastEventId;
    away.leave();
    const id = Number((await context.db.execute<{ id: string }>(sql`select id from logs.alert_incidents`)).rows[0]?.id);
    await acknowledgeIncident(context, id, "on it");
    await until(() =>
      expect(alerts(client)).toMatchObject([{}, { change: "changed", incident: { state: "acknowledged" } }]),
    );
    context.clock.set("2026-03-10T12:09:00Z");
    await context.db.transaction((transaction) => resolveOverdue(transaction, context.clock.now()));
    await until(() => expect(alerts(client)).toMatchObject([{}, {}, { change: "resolved", incident: { id } }]));
    const back = await watching(one, lastEventId);
    expect(alerts(back)).toMatchObject([{ change: "resolved", incident: { id, state: "resolved" } }]);
  });

  test("given one who does not keep up, then an alert ends its stream, so that it comes again and is told", async () => {
    const client = await watching(one);
    client.isBlocked = true;
    await context.db.execute(sql`update logs.alert_incidents set reminded_at = now()`);
    await until(() => expect(client.isClosed).toBe(true));
  });
});

test("given many commits, then the new ones are found by the index", async () => {
  await context.db.execute(sql`
    insert into logs.ingest_commits select (1000000 + n)::text::xid8, 1, now(), now(), now() from generate_series(1, 20000) as n`);
  await context.db.execute(sql`analyze logs.ingest_commits`);
  const { rows } = await context.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select * from logs.ingest_commits
    where transaction >= pg_snapshot_xmin('1019990:1019990:'::pg_snapshot)
      and not pg_visible_in_snapshot(transaction, '1019990:1019990:'::pg_snapshot)`);
  expect(rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("ingest_commits_pkey");
});

/** Entries that were wanted and are behind a position. */
async function firstSeen(lastEventId: string | null): Promise<number> {
  const snapshot = decodePosition(lastEventId)?.seen ?? "";
  const { rows } = await context.db.execute<{ count: string }>(sql`
    select count(*) as count from logs.logs
    where message like 'wanted %' and message not like 'wanted _' and pg_visible_in_snapshot((id >> 24)::text::xid8, ${snapshot}::pg_snapshot)`);
  return Number(rows[0]?.count);
}

async function endListeners(): Promise<number> {
  const { rows } = await context.db.execute(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'cordwood listener' and datname = current_database()`);
  return rows.length;
}
