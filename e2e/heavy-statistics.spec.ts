import pg from "pg";
import { peakMemory, resetPeakMemory, residentMemory } from "@/bench/process-memory";
import { addMs, DAY_MS, floorTo, MINUTE_MS } from "@/core/clock";
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
    expect([400, 429]).toContain(status);
    expect(body).toMatch(
      /more than 100000 groups|takes longer than the 30 seconds|wait for their turn already|longer than the 30 seconds that it waits/,
    );
  }
  // And then all is as it was.
  const q = "service:pay | stats count()";
  const { status, body } = await server.get(`/api/logs/stats?${new URLSearchParams({ q })}`);
  expect([status, body]).toMatchObject([200, { data: { rows: [[10]] } }]);
});

test("given 20 computations at once of counts that have a million steps, then each is refused, and the server's memory stays small", async () => {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  // 50 services at 2 levels, in each minute of 10 days.
  await client.query(`
    insert into logs.stats_minute (bucket, service, level, count)
    select date_trunc('minute', now()) - minute * interval '1 minute', 's' || service, level::logs.level, 1
    from generate_series(1, 14400) as minute, generate_series(1, 50) as service, unnest(array['info', 'error']) as level`);
  await client.end();
  // Of whole minutes, as only these are counted.
  const from = floorTo(addMs(new Date(), -11 * DAY_MS), MINUTE_MS).toISOString();
  const ask = (q: string) => server.get(`/api/logs/stats?${new URLSearchParams({ q, from })}`);
  const before = residentMemory(server.processId) ?? 0;
  resetPeakMemory(server.processId);
  const refused = await Promise.all(
    Array.from({ length: 20 }, () => ask("| stats count() by (service, level, time(1m))")),
  );
  for (const { status, body } of refused) {
    expect([400, 429]).toContain(status);
    expect(JSON.stringify(body)).toMatch(
      /more than 100000 groups|takes longer than the 30 seconds|wait for their turn already|longer than the 30 seconds that it waits/,
    );
  }
  expect((peakMemory(server.processId) ?? 0) - before).toBeLessThan(300 * 1024 ** 2);
  // In hours there are few enough.
  const { status, body } = await ask("| stats count() by (level, time(1h)) | limit 1");
  expect([status, body]).toMatchObject([200, { data: { total_rows: 1 } }]);
});
