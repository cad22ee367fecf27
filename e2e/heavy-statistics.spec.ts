import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const ENTRIES = 120_000;

test.beforeAll(async () => {
  await server.start();
  const now = Date.now();
  for (let from = 0; from < ENTRIES; from += 20_000) {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      JSON.stringify({ service: "shop", message: `request ${from + index} served`, timestamp: now - from - index }),
    );
    expect((await server.send(lines.join("\n"))).status).toBe(201);
  }
});
test.afterAll(() => server.remove());

test("given 50 computations at once that need more than there is, then each ends with a sentence, and lines are taken meanwhile", async () => {
  const ask = async () => {
    const answer = await fetch(
      `${server.url}/api/logs/stats?${new URLSearchParams({ q: "| stats count() by (message)" })}`,
    );
    return { status: answer.status, body: await answer.text() };
  };
  let ended = 0;
  const heavy = Array.from({ length: 50 }, async () => {
    const answer = await ask();
    ended++;
    return answer;
  });
  const taken: number[] = [];
  for (let line = 0; line < 10; line++) {
    expect((await server.send(JSON.stringify({ service: "pay", message: `meanwhile ${line}` }))).status).toBe(201);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await server.get("/api/logs/dashboard/health")).status).toBe(200);
    taken.push(ended);
  }
  // The others are served while most of them still wait.
  expect(taken.at(-1)).toBeLessThan(50);
  for (const { status, body } of await Promise.all(heavy)) {
    expect([400, 503]).toContain(status);
    expect(body).toMatch(/more than 100000 groups|takes longer than the 30 seconds|wait for their turn already/);
  }
  // And then all is as it was.
  const q = "service:pay | stats count()";
  const { status, body } = await server.get(`/api/logs/stats?${new URLSearchParams({ q })}`);
  expect([status, body]).toMatchObject([200, { data: { rows: [[10]] } }]);
});
