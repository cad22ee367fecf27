import { spawn, spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createConfig } from "@/core/alerts/configs/create-config";
import { alertConfigInputSchema } from "@/core/alerts/schemas";
import { addMs, systemClock } from "@/core/clock";
import { readConfig } from "@/core/config";
import { JOB_TYPES, JOBS } from "@/core/jobs/job-types";
import { checkStore, STORE_SETTING } from "@/core/segments/check-store";
import { endChild } from "@/core/testing/end-child";
import { freePort } from "@/core/testing/free-port";
import { MailReceiver } from "@/core/testing/receivers";
import { testDatabase } from "@/core/testing/test-database";
import {
  alertConfigs,
  alertDeliveries,
  alertIncidents,
  alertReceivers,
  jobExecutions,
  segmentChecks,
  segments,
  settings,
} from "@/db/schema";
import { checkClock } from "./check-database";
import { checkJobs } from "./check-jobs";
import { checkNode } from "./check-node";
import { examine } from "./examine";

const context = testDatabase("2026-03-10T12:00:00Z");
const mails = new MailReceiver();

/** Of a part, in the order in which they are told. */
async function found(part: string, environment: Record<string, string> = {}, connectionString = context.url) {
  const config = readConfig({ CORDWOOD_SEGMENTS: path.join(context.folder, "segments"), ...environment });
  const { segments } = context;
  const findings = await examine(config, { connectionString, segments, clock: systemClock });
  return findings.filter((finding) => finding.part === part);
}

/** As a Cordwood leaves it that has just run all of them. */
async function ranJobs(at = new Date(), status: "success" | "failed" = "success") {
  await context.db.delete(jobExecutions);
  for (const jobType of JOB_TYPES) {
    for (let index = 0; index < 3; index++) {
      const startedAt = addMs(at, -index);
      const errorMessage = status === "failed" ? "no room" : null;
      const row = { jobType, scheduledFor: JOBS[jobType].cron === null ? null : startedAt, startedAt, completedAt: at };
      await context.db.insert(jobExecutions).values({ ...row, status, errorMessage, createdAt: startedAt });
    }
  }
}

beforeAll(async () => {
  await checkStore(context, true);
  await mails.start();
});
afterAll(() => mails.stop());
beforeEach(() => ranJobs());

describe("an installation", () => {
  test("given one that is well, then each part says so", async () => {
    const config = readConfig({ CORDWOOD_SEGMENTS: path.join(context.folder, "segments"), SMTP_URL: mails.url });
    const options = { connectionString: context.url, segments: context.segments, clock: systemClock };
    const findings = await examine(config, options);
    expect(findings.filter(({ part, state }) => state !== "ok" && !part.startsWith("disk"))).toEqual([]);
    expect(findings.map(({ part }) => part)).toEqual([
      "database",
      "tables",
      "clock",
      "store of segments",
      "disk of the segments",
      "jobs",
      "mail",
      "webhooks",
    ]);
  });

  test("given a Redis that does not answer, then somebody should look, and what is counted without it is said", async () => {
    expect(await found("Redis", { REDIS_URL: "redis://:secret@127.0.0.1:1" })).toMatchObject([
      { state: "look", says: expect.stringMatching(/^it does not answer, so each instance .*ECONNREFUSED/) },
    ]);
    expect(await found("Redis")).toEqual([]);
  });

  const hasRedis = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).error === undefined;
  if (!hasRedis) process.stderr.write("redis-server is not here: the test with it did not run\n");
  test.runIf(hasRedis)(
    "given a Redis with a password, then it is well with that one and not with another",
    async () => {
      const port = String(await freePort());
      const options = [
        "--port",
        port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--requirepass",
        "right",
      ];
      const redis = spawn("redis-server", options, { cwd: context.folder, stdio: "ignore" });
      try {
        const state = async (password: string) =>
          (await found("Redis", { REDIS_URL: `redis://:${password}@127.0.0.1:${port}` })).map(
            (finding) => finding.state,
          );
        await expect.poll(() => state("right")).toEqual(["ok"]);
        expect(await state("wrong")).toEqual(["look"]);
      } finally {
        await endChild(redis, "SIGTERM");
      }
    },
  );

  test("given a database that can't be reached, then that is all that is said, without a password", async () => {
    const findings = await found("database", {}, "postgres://somebody:secret@127.0.0.1:1/nothing");
    expect(findings).toMatchObject([{ state: "trouble", says: expect.stringContaining("ECONNREFUSED") }]);
    expect(JSON.stringify(findings)).not.toContain("secret");
  });

  test("given tables of another version, then it says which way", async () => {
    await context.pool.query(
      "insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 32503680000000)",
    );
    expect(await found("tables")).toMatchObject([
      { state: "trouble", says: "a newer Cordwood has changed them 1 time" },
    ]);
    await context.pool.query("delete from drizzle.__drizzle_migrations where hash = 'x'");
    const { rows } = await context.pool.query(
      "delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning hash, created_at",
    );
    expect(await found("tables")).toMatchObject([{ state: "look", says: "they are of an older version" }]);
    await context.pool.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
      rows[0]?.hash,
      rows[0]?.created_at,
    ]);
  });

  test("given a store that is another's, or files that are missing, then it says so", async () => {
    const mark = path.join(context.folder, "segments/cordwood-store");
    const now = new Date();
    const files = { path: "x.parquet", rows: 1, bytes: 1, checksum: "x", formatVersion: 2, levels: [] };
    const [lost] = await context.db
      .insert(segments)
      .values({ ...files, firstTimestamp: now, lastTimestamp: now, createdAt: now })
      .returning({ id: segments.id });
    await context.db.insert(segmentChecks).values({ segment: lost?.id ?? 0, checkedAt: now, problem: "missing" });
    expect(await found("segments")).toMatchObject([{ state: "trouble", says: "1 file missing, 0 damaged" }]);
    writeFileSync(mark, "of another\n");
    expect(await found("store of segments")).toMatchObject([
      { state: "trouble", says: expect.stringContaining("is in another place than") },
    ]);
    await context.db.delete(segments);
    await context.db.delete(settings).where(eq(settings.name, STORE_SETTING));
    rmSync(mark);
    await checkStore(context, true);
  });
});

describe("jobs", () => {
  const jobs = (isRunning: boolean) => checkJobs({ db: context.db, clock: systemClock }, isRunning);

  test("given jobs that have not run for ten minutes, then those are late that should have, and it depends on whether Cordwood runs what to do", async () => {
    await ranJobs(addMs(new Date(), -10 * 60_000));
    const [running] = await jobs(true);
    expect(running).toMatchObject({ state: "trouble", says: expect.stringContaining("Check alert thresholds") });
    expect(running?.says).not.toContain("Roll up complete days");
    expect(await jobs(false)).toMatchObject([{ state: "look", todo: expect.stringContaining("Start Cordwood") }]);
  });

  test("given jobs that failed again and again, then each is named with its error", async () => {
    await ranJobs(new Date(), "failed");
    const findings = await jobs(true);
    expect(findings.length).toBeGreaterThan(5);
    expect(findings[0]).toMatchObject({ state: "trouble", says: expect.stringContaining("fails: no room") });
  });
});

describe("mail and webhooks", () => {
  test("given an alert that wants mail, and no mail server or one that is away, then it says so", async () => {
    const input = {
      service: "shop",
      error_threshold_per_min: 1,
      warning_threshold_per_min: 1,
      alert_email: "a@example.com",
    };
    await createConfig(context, alertConfigInputSchema.parse(input));
    expect(await found("mail")).toMatchObject([
      { state: "trouble", says: "1 alert wants mail, and there is no mail server", todo: "Set SMTP_URL." },
    ]);
    await context.db.update(alertConfigs).set({ alertEmail: null });
    const [config] = await context.db.select({ id: alertConfigs.id }).from(alertConfigs);
    const receiver = { channel: "email", target: "b@example.com", format: "generic", leastSeverity: "info" } as const;
    await context.db.insert(alertReceivers).values({ configId: config?.id ?? 0, ...receiver });
    expect(await found("mail")).toMatchObject([
      { state: "trouble", says: expect.stringContaining("1 alert wants mail") },
    ]);
    expect(await found("mail", { SMTP_URL: "smtp://127.0.0.1:1" })).toMatchObject([
      { state: "trouble", says: expect.stringContaining("ECONNREFUSED") },
    ]);
    expect(await found("mail", { SMTP_URL: mails.url })).toMatchObject([{ state: "ok" }]);
    await context.db.delete(alertConfigs);
  });

  test("given a webhook that failed, then its error is told; one that waits too long is late", async () => {
    const now = new Date();
    const incident = { service: "shop", kind: "error", firstAt: now, lastAt: now, openedAt: now } as const;
    const [opened] = await context.db.insert(alertIncidents).values(incident).returning({ id: alertIncidents.id });
    const put = async (status: "pending" | "failed", lastError: string | null, nextAttemptAt: Date) => {
      const row = {
        incidentId: opened?.id ?? 0,
        kind: "opened",
        channel: "webhook",
        target: "http://127.0.0.1:1",
      } as const;
      await context.db.delete(alertDeliveries);
      await context.db.insert(alertDeliveries).values({ ...row, status, lastError, nextAttemptAt, createdAt: now });
    };
    await put("pending", null, now);
    expect(await found("webhooks")).toMatchObject([{ state: "ok", says: "none of the last day failed" }]);
    await put("pending", null, addMs(now, -10 * 60_000));
    expect(await found("webhooks")).toMatchObject([{ state: "look", says: "1 notification waits" }]);
    await put("failed", "the receiver answered 500", now);
    expect(await found("webhooks")).toMatchObject([
      { state: "trouble", says: expect.stringContaining("could not be sent: the receiver answered 500") },
    ]);
    await context.db.delete(alertDeliveries);
    await context.db.delete(alertIncidents);
  });
});

test.each([
  ["22.11.0", "ok"],
  ["23.1.0", "look"],
  ["20.9.0", "look"],
  ["20.8.1", "trouble"],
  ["18.0.0", "trouble"],
])("given Node.js %s, then it is %s", (version, state) => {
  expect(checkNode(version, "linux x64").state).toBe(state);
});

test("given a clock that is a minute ahead of the database's, then it says by how much", async () => {
  const ahead = { now: () => addMs(new Date(), 60_000) };
  expect(await checkClock(context.db, ahead)).toMatchObject({
    state: "trouble",
    says: expect.stringMatching(/differ by (59|60)\.\d s$/),
  });
  expect(await checkClock(context.db, systemClock)).toMatchObject({ state: "ok" });
});
