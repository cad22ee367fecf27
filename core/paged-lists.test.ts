import { randomUUID } from "node:crypto";
import { eq, type SQL, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import {
  alertConfigs,
  alertIncidents,
  alertQueries,
  alertSilences,
  alertViolations,
  apiKeys,
  invitations,
  savedViews,
  sessions,
  users,
} from "@/db/schema";
import { listInvitations } from "./access/invitations/list-invitations";
import { listKeys } from "./access/keys/list-keys";
import { listSessions } from "./access/sessions/list-sessions";
import { listUsers } from "./access/users/list-users";
import { listConfigs } from "./alerts/configs/list-configs";
import { countIncidents, listIncidents, pageOfIncidents } from "./alerts/incidents/list-incidents";
import { pageOfViolations } from "./alerts/list-violations";
import { listQueryAlerts } from "./alerts/queries/list-query-alerts";
import { listSilences } from "./alerts/silences/list-silences";
import type { Paged, SearchedPage } from "./page";
import { testDatabase } from "./testing/test-database";
import { listViews } from "./views/list-views";

const NOW = new Date("2026-03-10T12:00:00Z");
const SOON = new Date("2026-03-10T13:00:00Z");
const context = testDatabase(NOW.toISOString());

/** So many rows of each; two of them have "pay" in the name, in two cases of letters. */
const NAMES = ["api", "Pay-in", "cart", "PAY-out", "mail", "100%_x", "search"];
const times = { createdAt: NOW, updatedAt: NOW };
const me = { kind: "user", id: "user-0", sessionId: "session-0", name: "api", email: "", role: "admin" } as const;

// Equal times everywhere, so that only what settles ties can put rows in order.
beforeAll(async () => {
  const { db } = context;
  await db.insert(users).values(
    NAMES.map((name, at) => ({
      id: `user-${at}`,
      name: "the same",
      email: `${name}@example.com`,
      emailVerified: true,
      role: "viewer" as const,
      ...times,
    })),
  );
  await db.insert(sessions).values(
    NAMES.map((name, at) => ({
      id: `session-${at}`,
      token: name,
      userId: "user-0",
      expiresAt: SOON,
      ...times,
    })),
  );
  await db.insert(invitations).values(
    NAMES.map((name) => ({
      id: randomUUID(),
      email: `${name}@example.com`,
      role: "viewer" as const,
      tokenHash: name,
      invitedBy: "admin@example.com",
      createdAt: NOW,
      expiresAt: SOON,
    })),
  );
  await db.insert(apiKeys).values(
    NAMES.map((name) => ({
      id: randomUUID(),
      name,
      keyHash: name,
      start: "cw_",
      scopes: ["read" as const],
      createdBy: "a test",
      createdAt: NOW,
    })),
  );
  await db.insert(savedViews).values(NAMES.map((name) => ({ name, query: "", range: "1h", columns: [], ...times })));
  const alert = { webhookFormat: "generic", resolveAfterMinutes: 5, notifyResolved: true, enabled: true } as const;
  await db
    .insert(alertConfigs)
    .values(
      NAMES.map((service) => ({ service, errorThresholdPerMin: 1, warningThresholdPerMin: 1, ...alert, ...times })),
    );
  await db.insert(alertQueries).values(
    NAMES.map((name) => ({
      name,
      watch: "value" as const,
      query: "| stats count()",
      ofLines: "",
      shareBy: [],
      comparison: ">" as const,
      threshold: 1,
      windowMinutes: 5,
      leastCount: 0,
      changeIn: "percent" as const,
      severity: "error" as const,
      ...alert,
      ...times,
      validFrom: NOW,
      judgedUntil: NOW,
    })),
  );
  await db
    .insert(alertSilences)
    .values(NAMES.map((reason) => ({ startsAt: NOW, endsAt: SOON, reason, createdAt: NOW })));
  await db
    .insert(alertIncidents)
    .values(NAMES.map((service) => ({ service, kind: "error" as const, firstAt: NOW, lastAt: NOW, openedAt: NOW })));
  await db.insert(alertViolations).values(
    NAMES.map((service) => ({
      service,
      level: "error" as const,
      currentCount: 2,
      thresholdValue: 1,
      timestamp: NOW,
    })),
  );
});

type List = (page: SearchedPage) => Promise<Paged<unknown>>;

const SEARCHED: [string, List][] = [
  ["users", (page) => listUsers(context, page)],
  ["invitations", (page) => listInvitations(context, page)],
  ["keys", (page) => listKeys(context, page)],
  ["views", (page) => listViews(context, page)],
  ["alerts of services", (page) => listConfigs(context, page)],
  ["alerts on queries", (page) => listQueryAlerts(context, page)],
];
const OTHERS: [string, List][] = [
  ["sessions", (page) => listSessions(context, me, page)],
  ["silences", (page) => listSilences(context, page)],
  ["incidents", (page) => pageOfIncidents(context, {}, page)],
  ["violations", (page) => pageOfViolations(context, {}, page)],
];

describe("lists that are paged", () => {
  test.each([...SEARCHED, ...OTHERS])(
    "given more %s than a page has, then the pages have each once, in the order of the whole, and say how many there are",
    async (_name, list) => {
      const whole = await list({ search: "", limit: 100, offset: 0 });
      expect(whole).toMatchObject({ total: NAMES.length });
      const pages = await Promise.all([0, 3, 6, 9].map((offset) => list({ search: "", limit: 3, offset })));
      expect(pages.map(({ total, data }) => [total, data.length])).toEqual([
        [7, 3],
        [7, 3],
        [7, 1],
        [7, 0],
      ]);
      expect(pages.flatMap(({ data }) => data)).toEqual(whole.data);
      expect(new Set(whole.data.map((row) => JSON.stringify(row))).size).toBe(7);
    },
  );

  test.each(SEARCHED)(
    "given a part of a name, then of the %s those that have it are found and counted, in any case of letters, and nothing is a wildcard",
    async (_name, list) => {
      const found = async (search: string) => (await list({ search, limit: 1, offset: 0 })).total;
      expect(await Promise.all(["pAy", "%_", "_ay", "nothing"].map(found))).toEqual([2, 1, 0, 0]);
    },
  );

  test("given how a key begins, then that key is found, and nothing else that has these letters", async () => {
    const [{ id } = { id: "" }] = await context.db.select().from(apiKeys).limit(1);
    await context.db.update(apiKeys).set({ start: "cw_Ab_1xyz" }).where(eq(apiKeys.id, id));
    const found = async (search: string) =>
      (await listKeys(context, { search, limit: 10, offset: 0 })).data.map((key) => key.id);
    expect(await found("cw_Ab_")).toEqual([id]);
    expect(await found("cw_ab_")).toEqual([]);
    expect(await found("Ab_1")).toEqual([]);
  });

  test("given many incidents that are over, then those that are not are counted and listed by an index", async () => {
    await context.db.execute(sql`
      insert into logs.alert_incidents (service, kind, first_at, last_at, opened_at, resolved_at, notified_at)
      select 'old', 'error', ${NOW}::timestamptz - n * interval '1 minute', ${NOW}, ${NOW}::timestamptz - n * interval '1 minute', ${NOW}, ${NOW}
      from generate_series(1, 20000) as n`);
    await context.db.execute(sql`analyze logs.alert_incidents`);
    const { rows } = await context.db.execute(
      sql`explain select count(*) from logs.alert_incidents where true and resolved_at is null`,
    );
    expect(JSON.stringify(rows)).toContain("alert_incidents_resolved");
    expect(await countIncidents(context, { unresolved: true })).toBe(NAMES.length);
    expect(await listIncidents(context, { unresolved: true }, { limit: 5 })).toHaveLength(5);
    let plan = "";
    const explaining = {
      async execute(query: SQL) {
        plan = JSON.stringify((await context.db.execute(sql`explain ${query}`)).rows);
        return context.db.execute(query);
      },
    };
    expect(await listIncidents({ db: explaining as never }, {}, { limit: 5 })).toHaveLength(5);
    expect(plan).toContain("alert_incidents_order");
  });
});
