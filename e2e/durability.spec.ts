import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { TestServer } from "./server";
import { expect, test } from "./test";

const SENDERS = 6;
const ENTRIES = 50;

let server: TestServer;
test.beforeEach(async () => {
  server = new TestServer();
  await server.start();
});
test.afterEach(() => server.remove());

/** Sends entries with unique messages from several senders until told to stop; gives those that were acknowledged. */
function startSending(prefix: string): { stop(): Promise<string[]>; acknowledged: string[] } {
  const acknowledged: string[] = [];
  let running = true;
  const senders = Array.from({ length: SENDERS }, async (_, sender) => {
    for (let batch = 0; running; batch++) {
      const messages = Array.from({ length: ENTRIES }, (_, index) => `${prefix} ${sender}/${batch}/${index}`);
      try {
        const response = await server.send(JSON.stringify(messages.map((message) => ({ service: "shop", message }))));
        await response.arrayBuffer();
        if (response.status === 201) acknowledged.push(...messages);
        else expect(response.status).toBe(503);
      } catch (error) {
        // The connection broke because the server was killed; what fetch throws then is a TypeError.
        if (!(error instanceof TypeError)) throw error;
        await sleep(20);
      }
    }
  });
  return {
    acknowledged,
    async stop() {
      running = false;
      await Promise.all(senders);
      return acknowledged;
    },
  };
}

const storedSchema = z.array(z.object({ message: z.string(), count: z.number() }));

async function expectExactly(acknowledged: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  try {
    const result = await client.query("select message, count(*)::int as count from logs.logs group by 1");
    const rows = storedSchema.parse(result.rows);
    expect(rows.filter((row) => row.count !== 1)).toEqual([]);
    const stored = new Set(rows.map((row) => row.message));
    expect(acknowledged.filter((message) => !stored.has(message))).toEqual([]);
    const counts = await client.query("select sum(count)::int as count from logs.stats_minute");
    expect(counts.rows).toEqual([{ count: stored.size }]);
  } finally {
    await client.end();
  }
}

const enough = (sending: { acknowledged: string[] }, more: number) =>
  expect.poll(() => sending.acknowledged.length, { timeout: 60_000, intervals: [20] }).toBeGreaterThan(more);

test("given the server killed during ingest and started again, then every acknowledged entry is there once and counted", async () => {
  for (const round of [1, 2, 3]) {
    const sending = startSending(`round ${round}`);
    await enough(sending, 2_000);
    await server.end("SIGKILL");
    const acknowledged = await sending.stop();
    await server.start();
    await expectExactly(acknowledged);
  }
});

test("given PostgreSQL killed during ingest, then it comes back by itself, and every acknowledged entry is there once and counted", async () => {
  const sending = startSending("kill");
  await enough(sending, 2_000);
  server.killDatabase();
  const before = sending.acknowledged.length;
  await enough(sending, before + 1_000);
  await expectExactly(await sending.stop());
});

test("given SIGTERM during ingest, then what was accepted is finished and the exit code is 0, without a warning", async () => {
  const sending = startSending("term");
  await enough(sending, 1_000);
  const code = await server.end("SIGTERM");
  const acknowledged = await sending.stop();
  expect(code).toBe(0);
  expect(server.output).not.toContain("lost a connection");
  await server.start();
  await expectExactly(acknowledged);
});
