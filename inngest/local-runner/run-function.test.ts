import http from "node:http";
import { Inngest, NonRetriableError } from "inngest";
import { serve } from "inngest/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Call, runFunction, sleepMs } from "./run-function";

/** What the functions below did, in order. */
const done: string[] = [];
const silent = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };
const client = new Inngest({ id: "test", isDev: true, logger: silent });
let failures = 0;

const functions = [
  client.createFunction(
    { id: "steps", retries: 3, triggers: [{ cron: "0 0 1 1 *" }] },
    async ({ event, step, runId }) => {
      const first = await step.run("first", () => {
        done.push("first");
        return { at: event.ts };
      });
      await step.sleep("rest", "5ms");
      return step.run("second", () => {
        done.push("second");
        return { ...first, runId };
      });
    },
  ),
  client.createFunction({ id: "flaky", retries: 3, triggers: [{ cron: "0 0 1 1 *" }] }, async ({ step, attempt }) => {
    await step.run("once", () => done.push("once"));
    return step.run("flaky", () => {
      done.push(`attempt ${attempt}`);
      if (failures-- > 0) throw new Error("not yet");
      return "at last";
    });
  }),
  client.createFunction({ id: "fatal", retries: 3, triggers: [{ cron: "0 0 1 1 *" }] }, async ({ step }) =>
    step.run("only", () => {
      done.push("tried");
      throw new NonRetriableError("no use");
    }),
  ),
  client.createFunction({ id: "plain", retries: 0, triggers: [{ cron: "0 0 1 1 *" }] }, async () => ({ plain: true })),
];

const server = http.createServer(serve({ client, functions }));
let call: Omit<Call, "functionId">;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (!address || typeof address !== "object") throw new Error("no port");
  call = {
    endpoint: `http://127.0.0.1:${address.port}/api/inngest`,
    token: "t",
    event: { name: "inngest/scheduled.timer", data: {}, ts: 1_234 },
    retries: 3,
    retryDelayMs: () => 1,
    signal: new AbortController().signal,
  };
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const run = (id: string, changed: Partial<Call> = {}) => {
  done.length = 0;
  return runFunction({ ...call, functionId: `test-${id}`, ...changed });
};

test("given a function of steps and a sleep, then each step runs once, in order, with what the ones before it gave", async () => {
  expect(await run("steps")).toMatchObject({ at: 1_234, runId: expect.any(String) });
  expect(done).toEqual(["first", "second"]);
});

test("given a function without steps, then its result comes back", async () => {
  expect(await run("plain")).toEqual({ plain: true });
});

test("given a step that fails twice, then it is tried again and the steps before it are not", async () => {
  failures = 2;
  expect(await run("flaky")).toBe("at last");
  expect(done).toEqual(["once", "attempt 0", "attempt 1", "attempt 2"]);
});

test("given a step that never succeeds, then it is given up after the retries, with its reason", async () => {
  failures = 100;
  await expect(run("flaky")).rejects.toThrow("not yet");
  expect(done).toEqual(["once", "attempt 0", "attempt 1", "attempt 2", "attempt 3"]);
});

test("given a failure that says that a retry has no use, then there is none", async () => {
  await expect(run("fatal")).rejects.toThrow("no use");
  expect(done).toEqual(["tried"]);
});

test("given an endpoint that can't be reached, then the call is tried again and given up in the end", async () => {
  let delays = 0;
  const unreachable = { endpoint: "http://127.0.0.1:1/api/inngest", retryDelayMs: () => ++delays };
  await expect(run("plain", unreachable)).rejects.toThrow(/fetch failed/);
  expect(delays).toBe(3);
});

test("given a stop in the middle of a wait, then the run ends at once", async () => {
  failures = 100;
  const stopping = new AbortController();
  const waiting = run("flaky", {
    signal: stopping.signal,
    retryDelayMs: () => {
      queueMicrotask(() => stopping.abort(new Error("the server stops")));
      return 3_600_000;
    },
  });
  await expect(waiting).rejects.toThrow("The operation was aborted");
  expect(done).toEqual(["once", "attempt 0"]);
});

test.each([
  ["2s", 2_000],
  ["1h30m", 5_400_000],
  ["5ms", 5],
  ["1d", 86_400_000],
])("given the duration %s, then it is %i ms", (duration, ms) => {
  expect(sleepMs(duration)).toBe(ms);
});
