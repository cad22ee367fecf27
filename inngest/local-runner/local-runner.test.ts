import http from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { JOB_TYPES, JOBS } from "@/core/jobs/job-types";
import { createLogger } from "@/core/logger";
import { type LocalRunner, startLocalRunner } from "./local-runner";

/** The functions' endpoint: keeps each call waiting until it is released. */
const calls: { fn: string; ts: number; token: string | undefined }[] = [];
let held: (() => void)[] = [];
let holds = true;
let status = 200;
const failures: [string, number, string][] = [];
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on("end", () => {
    const fn = new URL(request.url ?? "", "http://x").searchParams.get("fnId") ?? "";
    calls.push({ fn, ts: JSON.parse(body).event.ts, token: request.headersDistinct["x-cordwood-runner"]?.[0] });
    const answer = () => response.writeHead(status, { "content-type": "application/json" }).end("{}");
    if (holds) held.push(answer);
    else answer();
  });
});
let endpoint = "";
let runner: LocalRunner;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address && typeof address === "object") endpoint = `http://127.0.0.1:${address.port}/api/inngest`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const release = () => {
  for (const answer of held.splice(0)) answer();
};
const scheduled = JOB_TYPES.filter((jobType) => JOBS[jobType].cron !== null);
const of = (jobType: string) => calls.filter(({ fn }) => fn === `app-${jobType}`);

beforeEach(async () => {
  calls.length = 0;
  held = [];
  holds = true;
  failures.length = 0;
  status = 200;
  runner = startLocalRunner({
    endpoint,
    token: "secret",
    appId: "app",
    retries: 0,
    logger: createLogger("silent"),
    failed: async (jobType, at, error) => void failures.push([jobType, at.getTime(), String(error)]),
  });
  await expect.poll(() => calls.length).toBe(scheduled.length);
});
afterEach(async () => {
  holds = false;
  release();
  await runner.stop(1_000);
});

const event = (ts = Date.now()) => ({ name: "app/happened", data: {}, ts });

test("given a start, then each scheduled function runs once, for its latest tick, with the token", () => {
  for (const jobType of scheduled) {
    const [call] = of(jobType);
    expect(of(jobType)).toHaveLength(1);
    expect(call?.token).toBe("secret");
    expect(call?.ts).toBeLessThanOrEqual(Date.now());
    expect((call?.ts ?? 1) % 60_000).toBe(0);
  }
});

test("given more events than a function has places, then the rest waits for a place, and all run", async () => {
  const places = JOBS["deliver-alert"].concurrency;
  for (let index = 0; index < places + 25; index++) runner.send("deliver-alert", event());
  await expect.poll(() => of("deliver-alert").length).toBe(places);
  holds = false;
  release();
  await expect.poll(() => of("deliver-alert").length).toBe(places + 25);
});

test("given that the same is asked for again while it waits or runs, then it runs once, and again when it is asked for after that", async () => {
  const places = JOBS["deliver-alert"].concurrency;
  const ids = Array.from({ length: places + 2 }, (_, index) => `id ${index}`);
  for (let round = 0; round < 10; round++) for (const id of ids) runner.send("deliver-alert", event(), id);
  await expect.poll(() => of("deliver-alert").length).toBe(places);
  holds = false;
  release();
  await expect.poll(() => of("deliver-alert").length).toBe(ids.length);
  // The last of them has a place now; what comes after it is a call of its own.
  await expect
    .poll(() => {
      runner.send("deliver-alert", event(), "id 0");
      return of("deliver-alert").length;
    })
    .toBeGreaterThan(ids.length);
});

test("given a function of one place that is at work, then an event for it waits", async () => {
  runner.send("retention", event());
  // Something that would come after it has come.
  runner.send("deliver-alert", event());
  await expect.poll(() => of("deliver-alert").length).toBe(1);
  expect(of("retention")).toHaveLength(1);
  release();
  await expect.poll(() => of("retention").length).toBe(2);
});

test("given an event for later, then it does not run before", async () => {
  const at = Date.now() + 300;
  runner.send("deliver-alert", event(at));
  await expect.poll(() => of("deliver-alert").length).toBe(1);
  expect(Date.now()).toBeGreaterThanOrEqual(at);
});

test("given a stop while calls hang, then it waits no longer than it may, and starts nothing more", async () => {
  runner.send("deliver-alert", event(Date.now() + 3_600_000));
  // The calls of the start hang still, and for ever.
  await runner.stop(50);
  runner.send("deliver-alert", event());
  // What it started would have come before this.
  holds = false;
  await fetch(`${endpoint}?fnId=after`, { method: "POST", body: JSON.stringify({ event: { ts: 0 } }) });
  expect(of("deliver-alert")).toEqual([]);
});

test("given an endpoint that answers 500, then who started the runner is told, with the time that the run was for", async () => {
  status = 500;
  const at = of("check-thresholds")[0]?.ts;
  release();
  await expect.poll(() => failures.length).toBe(scheduled.length);
  expect(failures.find(([jobType]) => jobType === "check-thresholds")).toEqual([
    "check-thresholds",
    at,
    expect.stringContaining("500"),
  ]);
});
