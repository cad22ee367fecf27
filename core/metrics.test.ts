import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetrics, type Gauged } from "./metrics";

/** As prom-client names what it tells of the process. */
const OF_PROCESS = /^cordwood_(process|nodejs)_/;

const GAUGED: Gauged = {
  pending: () => ({ rows: 1, bytes: 1 }),
  waiting: () => ({ search: 1, sealed: 1, stats: 1, export: 1 }),
  watching: () => ({ stream: 1, tail: 1 }),
  panelComputations: () => 1,
  failingJobs: async () => ["retention"],
  lateJobs: async () => ["retention"],
  services: async () => 1,
  hasRoom: async () => true,
  redisReachable: () => true,
  storeReachable: () => true,
  segmentProblems: async () => ({ missing: 1, damaged: 1 }),
  stoppedAlerts: async () => 1,
  storage: async () => ({
    at: "2026-01-31T09:30:00.000Z",
    database_bytes: 1,
    segment_bytes: 1,
    max_bytes: 1,
    oldest: null,
    removed: null,
  }),
};

test("given a database that is away, then what only it knows is absent, what was known before too, and all the rest is there", async () => {
  let isAway = false;
  const asked = Object.fromEntries(
    Object.entries(GAUGED).map(([name, tell]) => [
      name,
      () => {
        const told = tell();
        return isAway && told instanceof Promise ? Promise.reject(new Error("away")) : told;
      },
    ]),
  );
  const { registry } = createMetrics({ ...GAUGED, ...asked });
  const valued = async () =>
    (await registry.getMetricsAsJSON())
      .filter(({ name, values }) => values.length > 0 && !OF_PROCESS.test(name))
      .map(({ name }) => name);
  const all = await valued();
  isAway = true;
  const rest = await valued();
  expect(all.filter((name) => !rest.includes(name)).toSorted()).toEqual(
    [
      "database_has_room",
      "failing_jobs",
      "late_jobs",
      "max_disk_bytes",
      "services",
      "stopped_alerts",
      "stored_bytes",
      "unreadable_segments",
    ].map((name) => `cordwood_${name}`),
  );
  expect(rest).toContain("cordwood_pending_rows");
});

test("given every metric with a value, then docs/operations.md has each with its labels, and no other", async () => {
  const { registry, entries, listeners } = createMetrics(GAUGED);
  entries.inc({ outcome: "accepted" });
  listeners.watch("syslog", () => ({ bytes: 1, connections: 1 }));
  listeners.dropped.inc({ listener: "syslog", reason: "full" });

  const metrics = await registry.getMetricsAsJSON();
  const own = metrics.filter(({ name }) => !OF_PROCESS.test(name));
  const told = [...readFileSync("docs/operations.md", "utf8").matchAll(/^\| `(cordwood_\w+)(?:\{([\w, ]+)\})?`/gm)].map(
    ([, name, labels]) => ({ name, labels: labels?.split(", ") ?? [] }),
  );
  expect(told).toEqual(own.map(({ name, values: [value] }) => ({ name, labels: Object.keys(value?.labels ?? {}) })));
  expect(own.length).toBeLessThan(metrics.length);
});
