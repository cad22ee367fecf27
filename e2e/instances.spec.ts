import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "@/core/testing/free-port";
import { wholeNumber } from "@/core/whole-number";
import { WITH_ADMIN } from "./accounts";
import { Nginx } from "./nginx";
import { TestServer } from "./server";
import { SlowLink } from "./slow-link";
import { SteadySenders } from "./steady-senders";
import { expectStoredOnce } from "./stored-once";
import { Tailing } from "./tailing";
import { expect, test } from "./test";
import { TestPostgres } from "./test-postgres";

/** Two instances on one database, behind nginx. A machine with more processors can do more. */

const STREAMS = wholeNumber(1, 3_000)
  .default(40)
  .parse(process.env.CORDWOOD_TEST_STREAMS || undefined);

const KEY = "key-of-the-senders-of-a-test";
const AUTHORIZATION = `Bearer ${KEY}`;

const postgres = new TestPostgres();
const nginx = new Nginx();
const shared = mkdtempSync(path.join(os.tmpdir(), "cordwood-shared-"));
const instances: { server: TestServer; port: string }[] = [];
let link: SlowLink;
let hasNginx = false;
let databaseUrl = "";

const begin = ({ server, port }: (typeof instances)[number]) =>
  server.start({
    ...WITH_ADMIN,
    CORDWOOD_API_KEY: KEY,
    CORDWOOD_API_KEY_SCOPES: "ingest,read",
    PORT: port,
    DATABASE_URL: databaseUrl,
    CORDWOOD_SECRET: "of the instances of a test, nothing else",
    CORDWOOD_SEGMENTS: shared,
    CORDWOOD_LOG_LEVEL: "error",
  });

test.beforeAll(async () => {
  // Several servers start, one after the other.
  await postgres.start();
  link = new SlowLink(postgres.port);
  const url = new URL(postgres.url);
  url.port = String(await link.start());
  databaseUrl = url.href;
  for (let count = 0; count < 2; count++) instances.push({ server: new TestServer(), port: String(await freePort()) });
  hasNginx = await nginx.start(instances.map(({ port }) => Number(port)));
  if (hasNginx) for (const instance of instances) await begin(instance);
});
test.afterAll(async () => {
  await nginx.remove();
  for (const { server } of instances) await server.remove();
  link.stop();
  await postgres.remove();
  rmSync(shared, { recursive: true, force: true });
});
test.beforeEach(() => test.skip(!hasNginx, "nginx can't be installed here"));

const statusesOf = (route: string) =>
  Promise.all(instances.map(async ({ server }) => (await fetch(`${server.url}${route}`)).status));

/** Each line of a batch that ends with 0 or 5 is watched; with many streams, all of which this process reads, those of every tenth batch. */
const WATCHED = STREAMS > 100 ? "/\\d*0/\\d*[05]$" : "[05]$";
const isWatched = (message: string) => new RegExp(WATCHED).test(message);

async function tailing(name: string): Promise<Tailing[]> {
  const query = encodeURIComponent(`message:/^${name} .*${WATCHED.replaceAll("/", "\\/")}/`);
  const tails = Array.from(
    { length: STREAMS },
    () => new Tailing(nginx.url, `/api/logs/tail?q=${query}`, AUTHORIZATION),
  );
  for (const tail of tails) await tail.joined();
  return tails;
}

/** That each tail had all lines once, and no gap. */
async function expectAllTailed(tails: readonly Tailing[], acknowledged: readonly string[]): Promise<void> {
  const watched = acknowledged.filter(isWatched).sort();
  // What is told as a gap doesn't come.
  const isThere = ({ messages, gaps }: Tailing) => messages.length >= watched.length || gaps.length > 0;
  const lacking = () => tails.filter((tail) => !isThere(tail)).length;
  await expect.poll(lacking, { timeout: 60_000 }).toBe(0);
  for (const tail of tails) {
    expect(tail.gaps).toEqual([]);
    expect([...tail.messages].sort()).toEqual(watched);
    await tail.stop();
  }
}

test("given two instances that are stopped and started in turn under steady ingest, then every line is stored once and each open tail has all of them", async () => {
  const tails = await tailing("rolling");
  const sending = new SteadySenders(nginx.url, "rolling", AUTHORIZATION);
  for (const instance of instances) {
    await sending.enough(1_000);
    expect(await instance.server.end("SIGTERM")).toBe(0);
    await sending.enough(400);
    await begin(instance);
  }
  await sending.enough(1_000);
  const acknowledged = await sending.stop();
  await expectAllTailed(tails, acknowledged);
  expect(
    tails.filter(({ connections }) => connections < 2),
    "tails that no restart reached",
  ).toEqual([]);
  await expectStoredOnce(postgres.url, acknowledged);
});

test("given an instance that is killed under steady ingest, then the other goes on, every line is stored once, and the tails go on there", async () => {
  const tails = await tailing("killed");
  const sending = new SteadySenders(nginx.url, "killed", AUTHORIZATION);
  await sending.enough(400);
  const [instance] = instances;
  await instance?.server.end("SIGKILL");
  await sending.enough(1_000);
  if (instance) await begin(instance);
  await sending.enough(400);
  const acknowledged = await sending.stop();
  await expectAllTailed(tails, acknowledged);
  await expectStoredOnce(postgres.url, acknowledged);
});

test("given the database gone for a while, then both say that they are not ready and senders are told to come again, and with it they go on by themselves", async () => {
  const tails = await tailing("gone");
  const sending = new SteadySenders(nginx.url, "gone", AUTHORIZATION);
  await sending.enough(400);
  await postgres.end("SIGQUIT");
  await expect.poll(() => statusesOf("/readyz"), { timeout: 30_000 }).toEqual([503, 503]);
  expect(await statusesOf("/healthz")).toEqual([200, 200]);
  const refused = sending.refused.length;
  await expect.poll(() => sending.refused.length, { timeout: 60_000 }).toBeGreaterThan(refused + 10);
  await postgres.start();
  await expect.poll(() => statusesOf("/readyz"), { timeout: 30_000 }).toEqual([200, 200]);
  await sending.enough(400);
  const acknowledged = await sending.stop();
  await expectAllTailed(tails, acknowledged);
  await expectStoredOnce(postgres.url, acknowledged);
});

test("given a database that takes a third of a second for each answer, then lines are taken at the pace of it, probes are answered, and nothing is lost", async () => {
  const tails = await tailing("slow");
  link.delayMs = 150;
  const sending = new SteadySenders(nginx.url, "slow", AUTHORIZATION);
  await sending.enough(400);
  expect(await statusesOf("/healthz")).toEqual([200, 200]);
  expect(await statusesOf("/readyz")).toEqual([200, 200]);
  link.delayMs = 0;
  await sending.enough(400);
  const acknowledged = await sending.stop();
  await expectAllTailed(tails, acknowledged);
  await expectStoredOnce(postgres.url, acknowledged);
});
