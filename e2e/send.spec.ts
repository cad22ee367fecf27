import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import pg from "pg";
import { z } from "zod";
import { ADMIN, addKey, signIn, WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { expect, test } from "./test";

/** Many enough for several requests, and few enough that nothing of it is sealed before it is counted. */
const MANY = 120_000;

const server = new TestServer();
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-send-"));
test.beforeAll(() => server.start());
test.afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
const argumentsOf = (options: readonly string[]) => [
  "--import",
  "tsx",
  "bin/send.ts",
  "--url",
  server.url,
  "--places",
  at("places"),
  ...options,
];
const send = (...options: string[]) => promisify(execFile)(process.execPath, argumentsOf(options));

/** Programs that a test started and that go on until they are told to end. */
const running: ChildProcess[] = [];
test.afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function begin(...options: string[]) {
  const child = spawn(process.execPath, argumentsOf(options), { stdio: ["pipe", "pipe", "pipe"] });
  running.push(child);
  return { child, errors: text(child.stderr), output: text(child.stdout) };
}

async function endOf(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (signal) child.kill(signal);
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

const rowsSchema = z.array(z.object({ message: z.string(), count: z.number() }));

/** How often each message of a service is stored, past the application. */
async function stored(service: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: server.databaseUrl() });
  await client.connect();
  try {
    const query = "select message, count(*)::int as count from logs.logs where service = $1 group by 1";
    const { rows } = await client.query(query, [service]);
    return new Map(rowsSchema.parse(rows).map(({ message, count }) => [message, count]));
  } finally {
    await client.end();
  }
}

const countOf = async (service: string) => (await stored(service)).size;

async function expectOnce(service: string, lines: readonly string[]): Promise<void> {
  const found = await stored(service);
  expect([...found].filter(([, count]) => count !== 1)).toEqual([]);
  expect(lines.filter((line) => !found.has(line))).toEqual([]);
  expect(found.size).toBe(lines.length);
}

function writeMany(name: string): string[] {
  const lines = Array.from({ length: MANY }, (_, index) =>
    `INFO ${name} ${index} ${"with some more to it ".repeat(5)}`.trim(),
  );
  writeFileSync(at(`${name}.log`), `${lines.join("\n")}\n`);
  return lines;
}

const isMidway = (service: string) =>
  expect.poll(() => countOf(service), { timeout: 60_000, intervals: [50] }).toBeGreaterThan(0);

test("given the server killed while a file is sent, and started again, then each line is stored once", async () => {
  const lines = writeMany("killed-server");
  const { child, output, errors } = begin(at("killed-server.log"));
  await isMidway("killed-server");
  await server.end("SIGKILL");
  await server.start({ PORT: new URL(server.url).port });
  expect(await countOf("killed-server")).toBeLessThan(MANY);
  expect(await endOf(child), await errors).toBe(0);
  expect(await output).toContain(`${MANY} entries sent`);
  await expectOnce("killed-server", lines);
});

test("given the sender killed in the middle, when it is started again, then it goes on where it was, and then has nothing more", async () => {
  const lines = writeMany("killed-sender");
  const { child } = begin(at("killed-sender.log"));
  await isMidway("killed-sender");
  await endOf(child, "SIGKILL");
  expect(await countOf("killed-sender")).toBeLessThan(MANY);
  await send(at("killed-sender.log"));
  await expectOnce("killed-sender", lines);
  const { stdout, stderr } = await send(at("killed-sender.log"));
  expect(stdout).toContain("0 entries sent");
  expect(stderr).toContain("Nothing new since the last time");
});

test("given a folder that is followed, then its logs arrive through rotations, a new one too, and a run after a stop goes on", async () => {
  mkdirSync(at("logs"));
  const log = (name: string) => path.join(at("logs"), name);
  writeFileSync(log("web.log.1.gz"), gzipSync("INFO web 0\n"));
  writeFileSync(log("web.log"), "INFO web 1\n");
  writeFileSync(log("copied.log"), "INFO copied 1\n");
  writeFileSync(log("picture"), Buffer.from([0, 1, 2, 0]));
  const first = begin("--follow", at("logs"));
  await expect.poll(async () => [await countOf("web"), await countOf("copied")]).toEqual([2, 1]);

  appendFileSync(log("web.log"), "INFO web 2\n");
  renameSync(log("web.log"), log("web.log.2"));
  // The program that writes has not been told yet.
  appendFileSync(log("web.log.2"), "INFO web 3\n");
  writeFileSync(log("web.log"), "INFO web 4\n");
  appendFileSync(log("copied.log"), "INFO copied 2\n");
  copyFileSync(log("copied.log"), log("copied.log.1"));
  truncateSync(log("copied.log"));
  appendFileSync(log("copied.log"), "INFO copied 3\n");
  writeFileSync(log("new.log"), "ERROR new 1\n\tat a.b.C\n");
  await expect
    .poll(async () => [await countOf("web"), await countOf("copied"), await countOf("new")])
    .toEqual([5, 3, 1]);
  await expect(send("--follow", at("logs"))).rejects.toMatchObject({
    stderr: expect.stringContaining("is being sent by another process already"),
  });
  expect(await endOf(first.child, "SIGTERM")).toBe(130);
  expect(await first.errors).toContain("The same command goes on where it was.");

  appendFileSync(log("web.log"), "INFO web 5\n");
  writeFileSync(log("web.log.3.gz"), gzipSync(readFileSync(log("web.log"))));
  writeFileSync(log("web.log"), "INFO web 6\n");
  await send(at("logs"));
  await expectOnce(
    "web",
    Array.from({ length: 7 }, (_, index) => `INFO web ${index}`),
  );
  await expectOnce("copied", ["INFO copied 1", "INFO copied 2", "INFO copied 3"]);
  await expectOnce("new", ["ERROR new 1\n\tat a.b.C"]);
});

test("given a follower and a server that is not there yet, then it waits for it", async () => {
  writeFileSync(at("early.log"), "INFO early\n");
  const port = new URL(server.url).port;
  await server.end("SIGTERM");
  const { child } = begin("--follow", at("early.log"));
  await server.start({ PORT: port });
  await expect.poll(() => countOf("early"), { timeout: 60_000 }).toBe(1);
  await endOf(child, "SIGTERM");
});

test("given standard input, then it arrives as it comes, with its stack traces, under the name that is given", async () => {
  const { child, output } = begin("--service", "piped", "--tags", "a,b");
  child.stdin?.write("INFO one\nERROR two\n\tat x.Y\n");
  await expect.poll(() => countOf("piped"), { timeout: 60_000 }).toBe(2);
  child.stdin?.end('{"service":"other","level":"warn","msg":"three"}');
  expect(await endOf(child)).toBe(0);
  expect(await output).toContain("3 entries sent");
  expect([...(await stored("piped")).keys()].sort()).toEqual(["ERROR two\n\tat x.Y", "INFO one"]);
  await expectOnce("other", ["three"]);
});

test("given lines that are too old, then they are refused with the reason, and --again --old now stores them", async () => {
  writeFileSync(at("history.log"), "2001-01-01T00:00:00Z INFO long ago\n");
  await expect(send(at("history.log"))).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("0 entries sent, 1 rejected"),
    stderr: expect.stringContaining("days ago"),
  });
  await send("--again", "--old", "now", at("history.log"));
  await expectOnce("history", ["2001-01-01T00:00:00Z INFO long ago"]);
});

test("given a folder that is followed, with a document that is refused, then the logs behind it arrive, also when one is away for a moment", async () => {
  const logs = at("mixed");
  mkdirSync(logs);
  writeFileSync(path.join(logs, "a.json"), '[\n{"service": "mixed", "message": "never whole"},\n');
  writeFileSync(path.join(logs, "b.log"), "INFO first\n");
  const { child, errors } = begin("--follow", logs, at("mixed.log"), "--service", "mixed");
  writeFileSync(at("mixed.log"), "INFO second\n");
  await expect.poll(() => countOf("mixed"), { timeout: 30_000 }).toBe(2);
  renameSync(at("mixed.log"), at("mixed.log.1"));
  // Longer than it takes until it is looked for logs again.
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  expect(child.exitCode).toBeNull();
  writeFileSync(at("mixed.log"), "INFO third\n");
  await expect.poll(() => countOf("mixed"), { timeout: 30_000 }).toBe(3);
  child.kill("SIGTERM");
  expect(await errors).toContain("a.json: ");
});

test("given a JSON document of many entries over many lines, then it is sent as what it is", async () => {
  const entries = Array.from({ length: 30_000 }, (_, index) => ({ message: `m ${index}`, more: "x".repeat(50) }));
  writeFileSync(at("document.json"), JSON.stringify(entries, null, 2));
  await send(at("document.json"));
  expect(await countOf("document")).toBe(entries.length);
});

test("given a server that is not there, a missing file, a bad option or no key, then one sentence says so", async () => {
  writeFileSync(at("one.log"), "INFO one\n");
  const locked = new TestServer();
  await locked.start(WITH_ADMIN);
  const admin = await signIn(locked, ADMIN.email);
  const { key } = await addKey(locked, admin, { scopes: ["ingest"] });
  for (const [options, reason] of [
    [["--url", "http://127.0.0.1:9", at("one.log")], "does not answer"],
    [[at("none.log")], "no such file"],
    [["--old", "then", at("one.log")], "--old must be now"],
    [["--level", "loud", at("one.log")], "level must be a level"],
    [["-", at("one.log")], "together with files"],
    [["--url", locked.url, at("one.log")], "--key or CORDWOOD_API_KEY"],
  ] as const) {
    const outcome = await send(...options).catch((error: { code: number; stderr: string }) => error);
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    expect(outcome.stderr.trim().split("\n").length).toBeLessThan(3);
  }
  const { stdout } = await send("--url", locked.url, "--key", key, at("one.log"));
  expect(stdout).toContain("1 entry sent");
  await locked.remove();
});
