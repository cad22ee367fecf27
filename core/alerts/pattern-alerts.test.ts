import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { mutePattern } from "@/core/patterns/change-patterns";
import { fingerprintMessage } from "@/core/patterns/fingerprint-message";
import { updatePatternAliases } from "@/core/patterns/update-pattern-aliases";
import { ingestOf, sendEntries, testDatabase } from "@/core/testing/test-database";
import { announceNewPatterns } from "./announce-new-patterns";
import { checkThresholds } from "./check-thresholds";
import { createConfig } from "./configs/create-config";
import { updateConfig } from "./configs/update-config";
import { headlineOf, loadMessage } from "./delivery/alert-message";
import { getIncident } from "./incidents/get-incident";
import { listIncidents } from "./incidents/list-incidents";
import { listViolations } from "./list-violations";
import { previewConfig } from "./preview";
import { alertConfigInputSchema } from "./schemas";

const START = Date.parse("2026-03-10T12:00:00Z");
const MINUTE = 60_000;
const context = testDatabase("2026-03-10T12:00:00Z");
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();
const idOf = (message: string) => String(fingerprintMessage(Buffer.from(message)));

beforeEach(async () => {
  context.clock.set(at(0));
  context.outbox.requested.length = 0;
  context.newPatterns.woken = 0;
  await context.db.execute(sql`
    truncate logs.logs, logs.stats_minute, logs.services, logs.pattern_minute, logs.patterns, logs.pattern_services,
      logs.pattern_aliases, logs.alert_configs, logs.alert_thresholds, logs.alert_violations, logs.alert_incidents,
      logs.alert_incident_redirects, logs.alert_deliveries cascade`);
  await context.db.execute(sql`update logs.alert_progress set checked_until = to_timestamp(0), resumed_at = null`);
});

const watch = (changed: Record<string, unknown>) =>
  createConfig(
    context,
    alertConfigInputSchema.parse({
      service: "shop",
      error_threshold_per_min: 1_000,
      warning_threshold_per_min: 1_000,
      alert_webhook_url: "https://example.com/hook",
      ...changed,
    }),
  );

const send = (level: string, minute: number, ...messages: string[]) =>
  sendEntries(
    ingestOf(context),
    messages.map((message) => ({ service: "shop", level, message, timestamp: at(minute) })),
  );
const times = (count: number, message: string) =>
  Array.from({ length: count }, (_, n) => message.replace("#", String(n)));
const incidents = async () =>
  (await listIncidents(context, {})).map(({ kind, template, state }) => `${kind} ${template} ${state}`);

/** What the deliveries of the outbox say, the first made first. */
async function headlines(): Promise<string[]> {
  const { rows } = await context.db.execute<{ id: string }>(
    sql`select id from logs.alert_deliveries order by created_at, id`,
  );
  const messages = await Promise.all(rows.map(({ id }) => loadMessage(context.db, id, "https://logs.example.com")));
  return messages.map(headlineOf).toSorted();
}

describe("a pattern more often than its threshold", () => {
  test("given errors of two patterns of which one crosses, then there is one incident, of that pattern, and its message says so", async () => {
    await watch({ pattern_threshold_per_min: 3 });
    await send("error", 0, ...times(2, "card # declined"), "disk is full", "disk is full", "disk is full");
    await send("fatal", 0, ...times(2, "card # declined"));
    // Warnings don't count, however many.
    await send("warning", 0, ...times(9, "answer took # ms"));
    expect(await listViolations(context, {})).toMatchObject([
      { service: "shop", level: "error", pattern: idOf("card 1 declined"), current_count: 4, threshold_value: 3 },
    ]);
    const [incident] = await listIncidents(context, {});
    expect(incident).toMatchObject({
      kind: "pattern",
      pattern: idOf("card 1 declined"),
      template: "card <num> declined",
      peak_count: 4,
      threshold_value: 3,
      violations: 1,
      state: "open",
    });
    expect(await headlines()).toEqual(["Alert: 4 times a minute in shop, more than 3: card <num> declined"]);
    const { minutes } = await getIncident(context, incident?.id ?? 0);
    expect(minutes.filter(({ count }) => count > 0)).toEqual([{ timestamp: at(0), count: 4 }]);
    const delivery = context.outbox.requested[0] ?? "";
    expect(await loadMessage(context.db, delivery, "https://logs.example.com")).toMatchObject({
      top_messages: [{ message: "card 0 declined", count: 4 }],
      logs_url: expect.stringContaining(encodeURIComponent(`pattern:${idOf("card 1 declined")}`)),
    });
  });

  test("given two patterns that cross in turn, then each has an incident of its own that is over by itself", async () => {
    await watch({ pattern_threshold_per_min: 1 });
    await send("error", 0, ...times(2, "card # declined"));
    context.clock.set(at(4));
    await send("error", 4, ...times(2, "order # lost"));
    expect(await incidents()).toEqual(["pattern order <num> lost open", "pattern card <num> declined open"]);
    context.clock.set(at(6));
    await checkThresholds(context);
    expect(await incidents()).toEqual(["pattern order <num> lost open", "pattern card <num> declined resolved"]);
  });

  test("given cases of one general pattern, each below the threshold, then together they cross once they are known to be one", async () => {
    await watch({ pattern_threshold_per_min: 3 });
    await send("error", 0, "mount of volume data failed: full", "mount of volume logs failed: full");
    await send("error", 0, "mount of volume 17 failed: full", "mount of volume 18 failed: full");
    expect(await listViolations(context, {})).toEqual([]);
    await updatePatternAliases(context);
    await checkThresholds(context);
    expect(await listViolations(context, {})).toMatchObject([
      { pattern: idOf("mount of volume 17 failed: full"), current_count: 4 },
    ]);
  });

  test("given a muted pattern, then it crosses nothing", async () => {
    await watch({ pattern_threshold_per_min: 1 });
    await send("error", 0, "card 1 declined");
    await mutePattern(context, idOf("card 1 declined"), true);
    await send("error", 0, ...times(5, "card # declined"));
    expect(await incidents()).toEqual([]);
  });

  test("given an open incident, when its pattern is muted, then it ends without a word", async () => {
    await watch({ pattern_threshold_per_min: 1 });
    await send("error", 0, ...times(5, "card # declined"));
    await mutePattern(context, idOf("card 1 declined"), true);
    expect(await incidents()).toEqual(["pattern card <num> declined resolved"]);
    context.clock.set(at(9));
    await checkThresholds(context);
    expect(await headlines()).toHaveLength(1);
  });

  const pager = { alert_webhook_url: "https://pager.example.com/", webhook_format: "pagerduty", webhook_secret: "key" };
  const queued = async () => {
    const { rows } = await context.db.execute(sql`
      select delivery.channel || ' ' || delivery.kind as what from logs.alert_deliveries as delivery order by 1`);
    return rows.map(({ what }) => what);
  };

  test("given a pattern that is muted, then what keeps incidents itself is told that it is over, and people are not", async () => {
    await watch({ pattern_threshold_per_min: 1, alert_email: "ops@example.com", ...pager });
    await send("error", 0, ...times(5, "card # declined"));
    await mutePattern(context, idOf("card 1 declined"), true);
    expect(await queued()).toEqual(["email opened", "webhook opened", "webhook resolved"]);
    expect(context.outbox.requested).toHaveLength(3);
  });

  test("given a new error that is over when it comes, then what keeps incidents itself is told of both, and people once", async () => {
    await watch({ notify_new_patterns: true, alert_email: "ops@example.com", ...pager });
    context.clock.set(at(30));
    await send("error", 1, "card 1 declined");
    await announceNewPatterns(context);
    expect(await queued()).toEqual(["email opened", "webhook opened", "webhook resolved"]);
  });

  test("given a threshold that is raised within the minute, then the crossing of that minute is undone", async () => {
    await watch({ pattern_threshold_per_min: 1 });
    await send("error", 0, ...times(5, "card # declined"));
    await updateConfig(context, "shop", { pattern_threshold_per_min: 10 });
    expect(await listViolations(context, {})).toEqual([]);
    await updateConfig(context, "shop", { pattern_threshold_per_min: 4 });
    expect(await listViolations(context, {})).toHaveLength(1);
    await updateConfig(context, "shop", { pattern_threshold_per_min: null });
    expect(await listViolations(context, {})).toEqual([]);
  });

  test("given random errors, late and from several instances at once, then the violations are those of a plain count", async () => {
    const names = ["alpha broke", "beta broke", "gamma broke"];
    const burst = fc.record({
      name: fc.constantFrom(...names),
      level: fc.constantFrom("warning", "error", "fatal"),
      minute: fc.integer({ min: -5, max: 1 }),
      count: fc.integer({ min: 1, max: 4 }),
    });
    const rounds = fc.array(fc.array(fc.array(burst, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(rounds, fc.integer({ min: 1, max: 6 }), async (sent, threshold) => {
        await context.db.execute(sql`
          truncate logs.logs, logs.stats_minute, logs.pattern_minute, logs.alert_configs, logs.alert_thresholds,
            logs.alert_violations, logs.alert_incidents, logs.alert_incident_redirects, logs.alert_deliveries cascade`);
        context.clock.set(at(-10));
        await watch({ pattern_threshold_per_min: threshold });
        context.clock.set(at(0));
        for (const batches of sent) {
          await Promise.all(
            batches.map((batch) =>
              sendEntries(
                ingestOf(context),
                batch.flatMap(({ name, level, minute, count }) =>
                  times(count, name).map((message) => ({ service: "shop", level, message, timestamp: at(minute) })),
                ),
              ),
            ),
          );
        }
        const all = sent.flat(2).filter(({ level }) => level !== "warning");
        const expected = names.flatMap((name) =>
          [-5, -4, -3, -2, -1, 0, 1].flatMap((minute) => {
            const ofMinute = all.filter((one) => one.name === name && one.minute === minute);
            const count = ofMinute.reduce((sum, one) => sum + one.count, 0);
            return count > threshold ? [`${idOf(name)} ${at(minute)} ${count}`] : [];
          }),
        );
        const found = (await listViolations(context, {})).map(
          ({ pattern, timestamp, current_count }) => `${pattern} ${timestamp} ${current_count}`,
        );
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 40 },
    );
  });
});

describe("a pattern that a service never had", () => {
  test("given a known service, when an error comes that it never had, then somebody is told, once, and again only for another", async () => {
    await send("error", -5, "card 1 declined");
    await watch({ notify_new_patterns: true });
    await send("error", 0, "card 2 declined");
    expect(context.newPatterns.woken).toBe(0);
    await send("error", 0, "disk is full");
    expect(context.newPatterns.woken).toBe(1);
    expect(await Promise.all([announceNewPatterns(context), announceNewPatterns(context)])).toContain(true);
    await send("error", 1, "disk is full");
    await send("info", 1, "all is well");
    await checkThresholds(context);
    expect(await incidents()).toEqual(["new_pattern disk is full open"]);
    expect(await headlines()).toEqual(["Alert: new error in shop: disk is full"]);
    await send("error", 1, "key of tenant 7 expired");
    await checkThresholds(context);
    expect(await headlines()).toEqual([
      "Alert: new error in shop: disk is full",
      "Alert: new error in shop: key of tenant <num> expired",
    ]);
  });

  test("given another service that has had it, then it is news for this one all the same", async () => {
    await sendEntries(ingestOf(context), [
      { service: "pay", level: "error", message: "disk is full", timestamp: at(-9) },
    ]);
    await watch({ notify_new_patterns: true });
    await send("error", 0, "disk is full");
    await announceNewPatterns(context);
    expect(await incidents()).toEqual(["new_pattern disk is full open"]);
  });

  test("given an error that has come as a warning, or is a case of a known pattern, or is muted, then it is no news", async () => {
    await send("warning", -5, "disk is full");
    await send("error", -5, "mount of volume 17 failed: full", "card 1 declined");
    await mutePattern(context, idOf("card 1 declined"), true);
    await watch({ notify_new_patterns: true });
    await send("error", 0, "disk is full", "mount of volume data failed: full", "card 1 declined");
    await announceNewPatterns(context);
    expect(await incidents()).toEqual([]);
  });

  test("given that nobody asked for new patterns, then there are no incidents, also not later for what came before", async () => {
    await watch({});
    await send("error", 0, "disk is full");
    await updateConfig(context, "shop", { notify_new_patterns: true });
    await send("error", 0, "disk is full");
    await checkThresholds(context);
    expect(await incidents()).toEqual([]);
    expect(context.newPatterns.woken).toBe(0);
  });

  test("given a pattern that goes on, then its incident lasts until it has not come for the time that makes it over", async () => {
    await send("info", -5, "begun");
    await watch({ notify_new_patterns: true });
    for (const minute of [0, 3, 7]) {
      context.clock.set(at(minute));
      await send("error", minute, "disk is full");
      await checkThresholds(context);
    }
    expect(await listIncidents(context, {})).toMatchObject([{ state: "open", first_at: at(0), last_at: at(7) }]);
    context.clock.set(at(13));
    await checkThresholds(context);
    expect(await listIncidents(context, {})).toMatchObject([{ state: "resolved", last_at: at(7) }]);
    // Read only now, when it is over.
    expect(await headlines()).toEqual([
      "Alert, over already: new error in shop: disk is full",
      "Resolved: new error in shop: disk is full",
    ]);
  });

  test("given a release with many new errors at once, then only so many are told of in an hour", async () => {
    await watch({ notify_new_patterns: true });
    const names = [..."abcdefghijklmnop"].map((letter) => `${letter.repeat(3)} has broken`);
    await send("error", 0, ...names.slice(0, 8));
    await announceNewPatterns(context);
    await send("error", 0, ...names.slice(8));
    await announceNewPatterns(context);
    expect(await incidents()).toHaveLength(10);
    context.clock.set(at(61));
    await send("error", 61, "one more has failed");
    await announceNewPatterns(context);
    expect((await incidents())[0]).toBe("new_pattern one more has failed open");
  });

  test("given a new error that comes hours late, then it is told of once, as over", async () => {
    await watch({ notify_new_patterns: true });
    await send("error", -180, "disk is full");
    await checkThresholds(context);
    expect(await headlines()).toEqual(["Alert, over already: new error in shop: disk is full"]);
  });
});

test("given a past with patterns, then the preview counts their crossings and the new ones, as a plain count does", async () => {
  await send("error", -2_000, "card 1 declined");
  await send("error", -30, ...times(3, "card # declined"));
  await send("error", -29, ...times(3, "card # declined"), ...times(4, "order # lost"));
  await send("error", -20, ...times(2, "order # lost"), "disk is full");
  const query = {
    service: "shop",
    range: "24h",
    errorThreshold: 6,
    warningThreshold: 9,
    resolveAfterMinutes: 5,
  } as const;
  // Above 2: cards in two minutes that are one incident, orders in one. The minute with seven is one of errors.
  expect(await previewConfig(context, { ...query, patternThreshold: 2 })).toMatchObject({
    pattern_alerts: 3,
    error_alerts: 1,
    alerts: 4,
    incidents: 3,
    new_patterns: 2,
  });
  expect(await previewConfig(context, { ...query, patternThreshold: null })).toMatchObject({
    pattern_alerts: 0,
    alerts: 1,
  });
});
