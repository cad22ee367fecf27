import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { LIMITS } from "@/core/limits";
import { TestRedis } from "./redis";
import { TestServer } from "./server";
import { expect, test } from "./test";
import { TestPostgres } from "./test-postgres";

const postgres = new TestPostgres();
const redis = new TestRedis();
const shared = mkdtempSync(path.join(os.tmpdir(), "cordwood-shared-"));
const servers = [new TestServer(), new TestServer()];
let hasRedis = false;
const OTHER = "192.0.2.2";

test.beforeAll(async () => {
  // Several servers start, one after the other.
  hasRedis = await redis.start();
  if (!hasRedis) return;
  await postgres.start();
  for (const server of servers)
    await server.start({
      HOST: "0.0.0.0",
      CORDWOOD_URL: "https://logs.example.com",
      CORDWOOD_TRUSTED_PROXIES: "127.0.0.1",
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      CORDWOOD_SECRET: "of the instances of a test, nothing else",
      CORDWOOD_SEGMENTS: shared,
    });
});
test.afterAll(async () => {
  for (const server of servers) await server.remove();
  await postgres.remove();
  await redis.end();
  rmSync(shared, { recursive: true, force: true });
});
test.beforeEach(() => test.skip(!hasRedis, "Redis can't be installed here"));

const place = (index: number) => servers[index % servers.length]?.url ?? "";

/** By strangers of one address. One that guessed too much stays barred for its minute, also when Redis is away. */
const ask = async (index: number, address = "192.0.2.1"): Promise<number> => {
  const headers = { authorization: "Bearer wrong", "x-forwarded-for": address };
  const response = await fetch(`${place(index)}/api/logs`, { headers });
  await response.arrayBuffer();
  return response.status;
};

const stateOfRedis = async () => {
  const response = await fetch(`${place(0)}/readyz`);
  return { status: response.status, body: await response.json() };
};

test("given two locked instances with one secret, then both print the same link", () => {
  const links = servers.map(({ output }) => /https:\/\/\S+\/set-up#\S+/.exec(output)?.[0]);
  expect(links[0]).toBeDefined();
  expect(links[1]).toBe(links[0]);
});

test("given Redis, then both instances together let in as many requests as one; without it each counts on, says so, and refuses nobody for that", async () => {
  const statuses = await Promise.all(Array.from({ length: LIMITS.wrongKeysPerMinute }, (_, index) => ask(index)));
  expect(statuses.filter((status) => status !== 401)).toEqual([]);
  expect([await ask(0), await ask(1)]).toEqual([429, 429]);
  expect(await stateOfRedis()).toMatchObject({ status: 200, body: { redis: "ready" } });

  await redis.end();
  await expect.poll(stateOfRedis, { timeout: 30_000 }).toMatchObject({ status: 200, body: { redis: "away" } });
  expect([await ask(0, OTHER), await ask(1, OTHER)]).toEqual([401, 401]);

  await redis.start();
  await expect.poll(stateOfRedis, { timeout: 30_000 }).toMatchObject({ status: 200, body: { redis: "ready" } });
  redis.pause();
  expect([await ask(0, OTHER), await ask(1, OTHER)]).toEqual([401, 401]);
  await expect.poll(stateOfRedis, { timeout: 30_000 }).toMatchObject({ status: 200, body: { redis: "away" } });
  redis.resume();
  await expect.poll(stateOfRedis, { timeout: 30_000 }).toMatchObject({ status: 200, body: { redis: "ready" } });
});
