import { once } from "node:events";
import net from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

const MIB = 1024 * 1024;
const good = { service: "http", message: "good" };
const failureSchema = z.object({ success: z.literal(false), error: z.string().min(5) });

const bad: [
  what: string,
  body: string | Uint8Array,
  status: number,
  headers?: Record<string, string>,
  route?: string,
][] = [
  ["no body", "", 400],
  ["text that is not JSON", "hello", 400],
  ["JSON that is cut off", '{"service":"a"', 400],
  ["a number", "42", 400],
  ["an empty array", "[]", 400],
  ["an entry without members", "{}", 400],
  ["an entry whose service is blank", '{"service":" ","message":"m"}', 400],
  ["a NUL character", '{"service":"a","message":"x\\u0000"}', 400],
  ["a lone surrogate", '{"service":"a","message":"\\ud800"}', 400],
  [
    "bytes that are not UTF-8",
    Buffer.from([...Buffer.from('{"service":"a","message":"'), 0xff, 0xfe, ...Buffer.from('"}')]),
    400,
  ],
  ["deep nesting", `{"service":"a","message":"m","attributes":${'{"a":'.repeat(200)}1${"}".repeat(200)}}`, 400],
  ["a date long ago", '{"service":"a","message":"m","timestamp":"1999-01-01T00:00:00Z"}', 400],
  ["a date long ago without a zone", '{"service":"a","message":"m","timestamp":"1999-02-03T00:00:00"}', 400],
  ["a huge number as timestamp", '{"service":"a","message":"m","timestamp":1e300}', 400],
  ["another content type", "<log/>", 415, { "content-type": "text/xml" }],
  ["an unknown encoding", "{}", 415, { "content-encoding": "br2" }],
  ["text announced as gzip", "hello", 400, { "content-encoding": "gzip" }],
  ["half a gzip", gzipSync(JSON.stringify(good)).subarray(0, 20), 400, { "content-encoding": "gzip" }],
  ["a blank Idempotency-Key", JSON.stringify(good), 400, { "idempotency-key": " ".repeat(300) }],
  [
    "1,001 entries in a batch",
    JSON.stringify({ logs: Array.from({ length: 1_001 }, () => good) }),
    400,
    {},
    "/api/logs/batch",
  ],
  ["a batch without logs", '{"project_slug":"a"}', 400, {}, "/api/logs/batch"],
  ["a batch that is an array", "[]", 400, {}, "/api/logs/batch"],
  [
    "a body over 64 MiB",
    Buffer.alloc(65 * MIB, `${JSON.stringify(good)}\n`),
    413,
    { "content-type": "application/x-ndjson" },
  ],
  [
    "a gzip bomb",
    gzipSync(Buffer.alloc(80 * MIB, "\n")),
    413,
    { "content-encoding": "gzip", "content-type": "application/x-ndjson" },
  ],
];

for (const [what, body, status, headers, route] of bad) {
  test(`given ${what}, when it is sent, then the answer is ${status} with a reason and nothing is stored`, async () => {
    const response = await server.send(body, headers, route);
    expect(response.status).toBe(status);
    failureSchema.parse(await response.json());
    expect((await server.get("/healthz")).status).toBe(200);
    expect((await server.get("/api/logs/dashboard/service?service=http")).status).toBe(404);
  });
}

test("given bad query parameters, then each is a 400 that names the parameter", async () => {
  for (const [route, name] of [
    ["service", "service"],
    ["service?service=", "service"],
    ["service?service=a&timeRange=2h", "timeRange"],
    ["service?service=a&service=b", "service"],
    ["service?service=%00", "service"],
    ["top-errors?limit=0", "limit"],
    ["top-errors?limit=101", "limit"],
    ["top-errors?limit=ten", "limit"],
    ["top-errors?timeRange=", "timeRange"],
    ["trend?timeRange=1y", "timeRange"],
  ]) {
    const { status, body } = await server.get(`/api/logs/dashboard/${route}`);
    expect(status, route).toBe(400);
    expect(failureSchema.parse(body).error).toContain(name);
  }
});

test("given clients that hang up in the middle of a body, then the server goes on and stores nothing of them", async () => {
  const { port } = new URL(server.url);
  for (let index = 0; index < 20; index++) {
    const socket = net.connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `POST /api/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n[{"service":"gone","message":"m"},`,
    );
    socket.destroy();
  }
  expect((await server.get("/healthz")).status).toBe(200);
  expect((await server.get("/api/logs/dashboard/service?service=gone")).status).toBe(404);
});

test("given good and bad entries together, then the bad ones are rejected alone, with index and reason", async () => {
  const response = await server.send(
    JSON.stringify([{ ...good, service: "mixed" }, { service: " " }, 7, { ...good, service: "mixed" }]),
  );
  expect(response.status).toBe(201);
  expect(await response.json()).toEqual({
    success: true,
    data: {
      accepted: 2,
      rejected: 2,
      errors: [
        { index: 1, error: "service must have 1 to 200 characters and not be blank" },
        { index: 2, error: "an entry must be a JSON object" },
      ],
    },
  });
});

test("given every accepted form, then each is stored and counted", async () => {
  const entry = { ...good, service: "forms" };
  const forms: [string | Uint8Array, Record<string, string>?, string?][] = [
    [JSON.stringify(entry)],
    [JSON.stringify([entry])],
    [JSON.stringify({ logs: [entry] })],
    [`${JSON.stringify(entry)}\n\n${JSON.stringify(entry)}`, { "content-type": "application/x-ndjson" }],
    [gzipSync(JSON.stringify(entry)), { "content-encoding": "gzip" }],
    [deflateSync(JSON.stringify(entry)), { "content-encoding": "deflate" }],
    [brotliCompressSync(JSON.stringify(entry)), { "content-encoding": "br" }],
    [
      JSON.stringify({ project_slug: "forms", logs: [{ message: "m", level: "WARN", context: { a: 1 } }] }),
      {},
      "/api/logs/batch",
    ],
  ];
  for (const [body, headers, route] of forms) expect((await server.send(body, headers, route)).status).toBe(201);
  const { body } = await server.get("/api/logs/dashboard/service?service=forms");
  expect(body).toMatchObject({ data: { total_count: 9, count_by_level: { info: 8, warning: 1 } } });
});

test("given one Idempotency-Key on many concurrent requests, then the entries are written once and all get the same answer", async () => {
  const body = JSON.stringify([{ ...good, service: "once" }, {}]);
  const responses = await Promise.all(
    Array.from({ length: 10 }, () => server.send(body, { "idempotency-key": "key-1" })),
  );
  const answers = await Promise.all(responses.map((response) => response.text()));
  expect(new Set(responses.map((response) => response.status))).toEqual(new Set([201]));
  expect(new Set(answers).size).toBe(1);
  const { body: stats } = await server.get("/api/logs/dashboard/service?service=once");
  expect(stats).toMatchObject({ data: { total_count: 1 } });
});

test("given somebody else than the runner, when the functions' endpoint is called, then it refuses", async () => {
  const response = await server.send("{}", {}, "/api/inngest?fnId=cordwood-retention&stepId=step");
  expect(response.status).toBe(403);
});

test("given the metrics, then they count what was accepted and rejected", async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toMatch(/cordwood_entries_total\{outcome="accepted"\} \d+/);
  expect(metrics).toContain("cordwood_pending_rows 0");
});
