import { setTimeout as sleep } from "node:timers/promises";
import { TestServer } from "./server";
import { expectStoredOnce } from "./stored-once";
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

const expectExactly = (acknowledged: readonly string[]) => expectStoredOnce(server.databaseUrl(), acknowledged);

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
