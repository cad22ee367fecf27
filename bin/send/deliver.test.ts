import { once } from "node:events";
import http from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Deliverer, NotSent, type Receiver, Stopped } from "./deliver";

type Answer = { status: number; headers?: Record<string, string>; body?: unknown } | "break off";

const STORED: Answer = { status: 201, body: { success: true, data: { accepted: 2, rejected: 0, errors: [] } } };
const BUSY: Answer = {
  status: 503,
  headers: { "retry-after": "0" },
  body: { success: false, error: "the queue is full" },
};

/** A server whose answers the test writes, one a request; the last one goes on. */
let answers: Answer[] = [];
const asked: { key?: string; body: string; query: string; authorization?: string }[] = [];
const server = http.createServer(async (request, response) => {
  const body = gunzipSync(await buffer(request)).toString();
  const { "idempotency-key": key, authorization } = request.headers;
  asked.push({ key: String(key), body, query: request.url?.split("?")[1] ?? "", authorization });
  const answer = answers.length > 1 ? answers.shift() : answers[0];
  if (answer === undefined || answer === "break off") {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
  response.end(JSON.stringify(answer.body ?? {}));
});

const said: string[] = [];
let stopping: AbortController;
beforeEach(async () => {
  answers = [STORED];
  asked.length = 0;
  said.length = 0;
  stopping = new AbortController();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function delivererTo(options: Partial<Receiver> = {}): Deliverer {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return new Deliverer({
    url: `http://127.0.0.1:${address.port}/`,
    parameters: { tags: "a,b", old: undefined },
    isPatient: false,
    say: (what) => said.push(what),
    signal: stopping.signal,
    ...options,
  });
}

const LINES = Buffer.from("one\ntwo\n");

test("given a batch, then it is sent with its key, its parameters and the API key, and what was stored is told", async () => {
  const answer = await delivererTo({ key: "secret" }).deliver(LINES, "batch 1", "shop");
  expect(answer).toEqual({ accepted: 2, rejected: 0, errors: [] });
  expect(asked).toEqual([
    { key: "batch 1", body: "one\ntwo\n", query: "service=shop&tags=a%2Cb", authorization: "Bearer secret" },
  ]);
});

test("given a server that is busy, and then breaks off, then the same is sent again under the same key until it is stored", async () => {
  answers = [BUSY, { ...BUSY, status: 429 }, "break off", STORED];
  await delivererTo().deliver(LINES, "batch 1", "shop");
  expect(asked.map(({ key, body }) => [key, body])).toEqual(Array(4).fill(["batch 1", "one\ntwo\n"]));
  expect(said).toEqual([expect.stringContaining("429: the queue is full; trying again"), "it goes on"]);
});

test("given a time after which to send again, then it waits so long", async () => {
  answers = [{ ...BUSY, headers: { "retry-after": "1" } }, STORED];
  const startedMs = performance.now();
  await delivererTo().deliver(LINES, "batch 1", "shop");
  expect(performance.now() - startedMs).toBeGreaterThan(990);
});

test("given entries that are refused, all of them or some, then that is an answer, and nothing is sent again", async () => {
  const data = { accepted: 0, rejected: 2, errors: [{ index: 0, error: "too old" }] };
  answers = [{ status: 400, body: { success: false, error: "all 2 entries were rejected", data } }];
  expect(await delivererTo().deliver(LINES, "batch 1", "shop")).toEqual(data);
  expect(asked).toHaveLength(1);
});

test.each<[string, Answer, RegExp]>([
  [
    "a parameter that is wrong",
    { status: 400, body: { success: false, error: "level must be a level" } },
    /^level must be/,
  ],
  ["a key that is missing", { status: 401, body: { success: false, error: "sign in" } }, /--key or CORDWOOD_API_KEY/],
  [
    "another address",
    { status: 308, headers: { location: "https://logs.example.com/" } },
    /leads to https:\/\/logs\.example/,
  ],
  ["a server of something else", { status: 404, body: "no such page" }, /answers 404/],
])("given %s, then it is told at once", async (_, answer, reason) => {
  answers = [answer];
  await expect(delivererTo().deliver(LINES, "batch 1", "shop")).rejects.toThrow(reason);
  await expect(delivererTo({ isPatient: true }).deliver(LINES, "batch 1", "shop")).rejects.toThrow(NotSent);
  expect(asked).toHaveLength(2);
});

test("given nobody who answers, then who doesn't follow is told, and who does waits until it is stopped", async () => {
  answers = ["break off"];
  await expect(delivererTo().deliver(LINES, "batch 1", "shop")).rejects.toThrow("does not answer");
  const waiting = delivererTo({ isPatient: true }).deliver(LINES, "batch 2", "shop");
  const outcome = expect(waiting).rejects.toThrow(Stopped);
  await expect.poll(() => asked.length).toBeGreaterThan(2);
  stopping.abort();
  await outcome;
});
