import { CitusCluster, createCitusDatabase, findCitus } from "@/core/testing/citus";
import { WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { SteadySenders } from "./steady-senders";
import { expectStoredOnce } from "./stored-once";
import { Tailing } from "./tailing";
import { expect, test } from "./test";

/** Entries on two workers of Citus: what is true of one PostgreSQL is true of it, also while a worker is away. */

const KEY = "key-of-the-senders-of-a-test";
const AUTHORIZATION = `Bearer ${KEY}`;
const LAST_WORKER = 2;

const servers = [new TestServer(), new TestServer()];
const [one = new TestServer(), other = new TestServer()] = servers;
let cluster: CitusCluster | null = null;
let databaseUrl = "";

test.beforeAll(async () => {
  // Several servers start, one after the other.
  const archive = findCitus();
  if (archive === null) {
    process.stderr.write("there is no Citus for this machine beside the project: the tests on it did not run\n");
    return;
  }
  cluster = await CitusCluster.start(archive);
  databaseUrl = await createCitusDatabase(cluster.ports, "cordwood");
  for (const server of servers)
    await server.start({
      ...WITH_ADMIN,
      DATABASE_URL: databaseUrl,
      CORDWOOD_DISTRIBUTE: "1",
      CORDWOOD_SEGMENTS: one.segments,
      CORDWOOD_SECRET: "of the instances of a test, nothing else",
      CORDWOOD_API_KEY: KEY,
      CORDWOOD_API_KEY_SCOPES: "ingest,read",
    });
});
test.afterAll(async () => {
  for (const server of servers) await server.remove();
  await cluster?.stop();
});
test.beforeEach(() => test.skip(cluster === null, "there is no Citus for this machine"));

test("given entries that go in at one instance, then tails of both have all of them once, also while a worker is killed and comes back, and nothing acknowledged is lost", async () => {
  const tails = servers.map(({ url }) => new Tailing(url, "/api/logs/tail?q=line", AUTHORIZATION));
  for (const tail of tails) await tail.joined();
  const sending = new SteadySenders(one.url, "line", AUTHORIZATION);
  await sending.enough(400);
  await cluster?.endNode(LAST_WORKER, "SIGQUIT");
  await expect.poll(() => sending.refused.length, { timeout: 60_000, intervals: [20] }).toBeGreaterThan(5);
  expect(sending.refused.every(({ status }) => status === 503)).toBe(true);
  await cluster?.startNode(LAST_WORKER);
  await sending.enough(400);
  const acknowledged = [...(await sending.stop())].sort();
  await expectStoredOnce(databaseUrl, acknowledged);
  for (const tail of tails) {
    await expect.poll(() => tail.messages.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(acknowledged.length);
    expect(tail.gaps).toEqual([]);
    expect([...tail.messages].sort()).toEqual(acknowledged);
    await tail.stop();
  }
  const found = await fetch(`${other.url}/api/logs?q=line&limit=1`, { headers: { authorization: AUTHORIZATION } });
  expect(found.status).toBe(200);
});
