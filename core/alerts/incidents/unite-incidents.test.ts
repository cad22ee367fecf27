import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { readIncidentChanges } from "@/core/realtime/incident-changes";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { checkThresholds } from "../check-thresholds";
import { createConfig } from "../configs/create-config";
import { loadMessage } from "../delivery/alert-message";
import { alertConfigInputSchema } from "../schemas";
import { createSilence } from "../silences/create-silence";
import { acknowledgeIncident } from "./acknowledge-incident";
import { getIncident } from "./get-incident";
import { listIncidents } from "./list-incidents";

const START = Date.parse("2026-03-10T12:00:00Z");
const context = testDatabase("2026-03-10T12:00:00Z");
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();

beforeEach(async () => {
  context.clock.set(at(0));
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.alert_configs, logs.alert_thresholds,
      logs.alert_violations, logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries, logs.alert_silences cascade`);
  await context.db.execute(sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`);
});

const configure = (service: string, changed: Record<string, unknown> = {}) =>
  createConfig(
    context,
    alertConfigInputSchema.parse({
      service,
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      alert_webhook_url: "https://example.com/hook",
      ...changed,
    }),
  );

type Crossing = { minute: number; service?: string; level?: string };

/** Two entries of each minute, which cross, in one batch. */
const crossAll = (crossings: readonly Crossing[]) =>
  sendEntries(
    ingestOf(context),
    crossings.flatMap(({ minute, service = "shop", level = "error" }) =>
      [1, 2].map((number) => ({ service, level, message: `failed ${number}`, timestamp: at(minute) })),
    ),
  );

const cross = (minute: number) => crossAll([{ minute }]);

const incidents = async () => (await listIncidents(context, {})).toSorted((one, other) => one.id - other.id);
const idsOf = async () => (await incidents()).map(({ id }) => id);

async function deliveries() {
  const { rows } = await context.db.execute<{ kind: string; status: string; incident_id: string }>(
    sql`select kind, status, incident_id from logs.alert_deliveries order by created_at, kind`,
  );
  return rows.map(({ kind, status, incident_id }) => [kind, status, Number(incident_id)]);
}

/** One that is over, of minute 0, and one that is open, of minute 10, with what was told of both. */
async function givenTwo(): Promise<[former: number, later: number]> {
  await cross(0);
  context.clock.set(at(6));
  await checkThresholds(context);
  context.clock.set(at(10));
  await cross(10);
  const [former = 0, later = 0] = await idsOf();
  return [former, later];
}

describe("given an incident that is over and one that is open, when a minute between them comes late", () => {
  test("then they are one, open, with all minutes and deliveries, and its end is told once", async () => {
    await configure("shop");
    const [former, later] = await givenTwo();
    await context.db.execute(sql`update logs.alert_deliveries set status = 'delivered'`);
    context.clock.set(at(12));
    await cross(5);
    expect(await incidents()).toMatchObject([
      {
        id: former,
        state: "open",
        first_at: at(0),
        last_at: at(10),
        opened_at: at(0),
        notified_at: at(0),
        violations: 3,
        former_ids: [later],
      },
    ]);
    expect(await deliveries()).toEqual([
      ["opened", "delivered", former],
      ["resolved", "delivered", former],
      ["opened", "delivered", former],
    ]);
    context.clock.set(at(16));
    await checkThresholds(context);
    expect(await incidents()).toMatchObject([{ id: former, state: "resolved", resolved_at: at(16) }]);
    expect((await deliveries()).slice(3)).toEqual([["resolved", "pending", former]]);
    const { rows } = await context.db.execute<{ id: string }>(
      sql`select id from logs.alert_deliveries where status = 'pending'`,
    );
    expect(await loadMessage(context.db, rows[0]?.id ?? "", "")).toMatchObject({
      incident_id: former,
      former_incident_ids: [later],
    });
  });

  test("then who has the id of the one that is no more is led to the other, and may acknowledge it", async () => {
    await configure("shop");
    const [former, later] = await givenTwo();
    context.clock.set(at(12));
    await cross(5);
    expect(await getIncident(context, later)).toMatchObject({ id: former, deliveries: [{}, {}] });
    expect(await acknowledgeIncident(context, later, "on it")).toMatchObject({ id: former, state: "acknowledged" });
    await expect(acknowledgeIncident(context, later, "me too")).rejects.toMatchObject({
      message: `incident ${former} is acknowledged already`,
    });
  });

  test("then nobody is told any more that the first is over, when it was not told yet", async () => {
    await configure("shop");
    const [former] = await givenTwo();
    expect((await deliveries()).map(([kind]) => kind)).toEqual(["opened", "resolved", "opened"]);
    context.clock.set(at(12));
    await cross(5);
    expect(await deliveries()).toEqual([
      ["opened", "pending", former],
      ["opened", "pending", former],
    ]);
  });

  test("then watchers learn of the one that stays, and which became a part of it", async () => {
    await configure("shop");
    const [former, later] = await givenTwo();
    const { rows } = await context.db.execute<{ seen: string }>(sql`select pg_current_snapshot()::text as seen`);
    context.clock.set(at(12));
    await cross(5);
    expect((await readIncidentChanges(context, rows[0]?.seen ?? "")).changes).toMatchObject([
      { change: "changed", incident: { id: former, state: "open", former_ids: [later] } },
    ]);
  });

  test("then notes of both are kept, and it is acknowledged since the first", async () => {
    await configure("shop");
    await cross(0);
    await acknowledgeIncident(context, (await idsOf())[0] ?? 0, "the disk is full");
    context.clock.set(at(10));
    await cross(10);
    await acknowledgeIncident(context, (await idsOf())[1] ?? 0, "again");
    context.clock.set(at(12));
    await cross(5);
    expect(await incidents()).toMatchObject([
      { state: "acknowledged", acknowledged_at: at(0), acknowledge_note: "the disk is full\nagain" },
    ]);
  });

  test("then one that a silence held back is told of when the silence ends", async () => {
    await configure("shop");
    await cross(0);
    context.clock.set(at(6));
    await checkThresholds(context);
    await createSilence(context, {
      service: "shop",
      kind: null,
      alert_id: null,
      ends_at: at(14),
      reason: "maintenance",
    });
    context.clock.set(at(10));
    await cross(10);
    context.clock.set(at(12));
    await cross(5);
    expect(await incidents()).toMatchObject([{ state: "open", notified_at: null }]);
    context.clock.set(at(14));
    await checkThresholds(context);
    expect((await deliveries()).at(-1)?.[0]).toBe("opened");
    expect(await incidents()).toMatchObject([{ state: "open", notified_at: at(14) }]);
  });

  test("then reminders go on from when it was told of last", async () => {
    await configure("shop", { remind_every_minutes: 4, resolve_after_minutes: 5 });
    await givenTwo();
    context.clock.set(at(12));
    await cross(5);
    const reminders = async () => (await deliveries()).filter(([kind]) => kind === "reminder").length;
    for (const [minute, told] of [
      [13, 0],
      [14, 1],
    ] as const) {
      context.clock.set(at(minute));
      await checkThresholds(context);
      expect(await reminders()).toBe(told);
    }
  });
});

test("given three of which each two become one after another, then each old id leads to the one that stays", async () => {
  await configure("shop");
  context.clock.set(at(60));
  for (const minute of [20, 10, 0]) await cross(minute);
  const [first = 0, second = 0, third = 0] = await idsOf();
  await cross(5);
  expect(await incidents()).toMatchObject([{ id: first }, { id: second, former_ids: [third] }]);
  await cross(15);
  expect(await incidents()).toMatchObject([
    { id: first, state: "resolved", first_at: at(0), last_at: at(20), violations: 5, former_ids: [second, third] },
  ]);
  for (const id of [second, third]) expect((await getIncident(context, id)).id).toBe(first);
});

test("given minutes that cross, late, in any order and at the same time, then incidents are what the gaps between them make", async () => {
  const crossing = fc.record({
    minute: fc.integer({ min: 0, max: 60 }),
    service: fc.constantFrom("shop", "pay"),
    level: fc.constantFrom("error", "warning"),
  });
  /** Batches that are sent one after another, or each two at once. */
  const batches = fc.array(fc.array(crossing, { minLength: 1, maxLength: 4 }), { maxLength: 10 });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 3 }), async (sent, atOnce) => {
      const prefix = `${runs++} `;
      context.clock.set(at(0));
      for (const service of ["shop", "pay"]) await configure(prefix + service);
      context.clock.set(at(90));
      for (let first = 0; first < sent.length; first += atOnce) {
        await Promise.all(
          sent
            .slice(first, first + atOnce)
            .map((batch) => crossAll(batch.map((one) => ({ ...one, service: prefix + one.service })))),
        );
      }
      const expected: string[] = [];
      for (const service of ["shop", "pay"]) {
        for (const level of ["error", "warning"]) {
          const minutes = sent
            .flat()
            .filter((one) => one.service === service && one.level === level)
            .map((one) => one.minute);
          let group: number[] = [];
          for (const next of [...new Set(minutes)].toSorted((one, other) => one - other)) {
            if (group.length > 0 && next - (group.at(-1) ?? 0) > 5) {
              expected.push(`${service} ${level} ${group.join()}`);
              group = [];
            }
            group.push(next);
          }
          if (group.length > 0) expected.push(`${service} ${level} ${group.join()}`);
        }
      }
      const { rows } = await context.db.execute<{ found: string }>(sql`
        select substr(incident.service, ${prefix.length + 1}::int) || ' ' || incident.kind || ' ' || string_agg(
          (extract(epoch from violation.timestamp - ${at(0)}::timestamptz) / 60)::int::text, ',' order by violation.timestamp) as found
        from logs.alert_violations as violation left join logs.alert_incidents as incident on incident.id = incident_id
        where violation.service in (${`${prefix}shop`}, ${`${prefix}pay`})
        group by incident.id having min(violation.timestamp) = first_at and max(violation.timestamp) = last_at`);
      expect(rows.map(({ found }) => found).toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 25 },
  );
});
