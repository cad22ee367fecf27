import { WITH_ADMIN } from "./accounts";
import { TestServer } from "./server";
import { expect, test } from "./test";

const first = new TestServer();
test.beforeAll(() => first.start());
test.afterAll(() => first.remove());

/** @param folder of another server, to use its data */
async function startBadly(environment: Record<string, string>): Promise<{ code: unknown; lines: string[] }> {
  const server = new TestServer();
  try {
    const code = await server.launch(environment);
    return { code, lines: server.output.trim().split("\n") };
  } finally {
    await server.remove();
  }
}

test("given a data folder in use, when a second server starts on it, then it stops with one sentence", async () => {
  const { code, lines } = await startBadly({ CORDWOOD_DATA_DIR: first.folder });
  expect(code).toBe(1);
  expect(lines).toEqual([
    `Another Cordwood is using the data folder ${first.folder}: stop it, or set CORDWOOD_DATA_DIR to another folder.`,
  ]);
});

test("given a port in use, then the start stops with one sentence", async () => {
  const { port } = new URL(first.url);
  const { code, lines } = await startBadly({ PORT: port });
  expect(code).toBe(1);
  expect(lines).toEqual([`Port ${port} on 127.0.0.1 is in use: stop what uses it, or set PORT to another one.`]);
});

test("given a database that can't be reached, then the start stops with one sentence, without the password", async () => {
  const { code, lines } = await startBadly({ DATABASE_URL: "postgres://somebody:secret@127.0.0.1:1/nothing" });
  expect(code).toBe(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^The database that DATABASE_URL names can't be used: .*ECONNREFUSED/);
  expect(lines[0]).not.toContain("secret");
});

for (const [name, value, message] of [
  ["PORT", "many", 'PORT must be a whole number from 0 to 65535, not "many".'],
  ["CORDWOOD_MAX_DISK", "20", 'CORDWOOD_MAX_DISK must be a size of at least 100MB, such as 20GB or 1.5TB, not "20".'],
  ["CORDWOOD_RETENTION_DAYS", "0", 'CORDWOOD_RETENTION_DAYS must be a whole number from 1 to 3650, not "0".'],
  [
    "CORDWOOD_LOG_LEVEL",
    "loud",
    'CORDWOOD_LOG_LEVEL must be one of trace, debug, info, warn, error, silent, not "loud".',
  ],
  [
    "DATABASE_URL",
    "mysql://x:secret@y/z",
    "DATABASE_URL must be a PostgreSQL URL, such as postgres://user:password@host:5432/database.",
  ],
] as const) {
  test(`given ${name}=${value}, then the start stops with what it accepts`, async () => {
    const { code, lines } = await startBadly({ [name]: value });
    expect(code).toBe(1);
    expect(lines).toEqual([message]);
  });
}

test("given a database with accounts and another secret than theirs, then the start stops with one sentence", async () => {
  const server = new TestServer();
  try {
    await server.start(WITH_ADMIN);
    await server.end("SIGTERM");
    expect(await server.launch({ CORDWOOD_SECRET: "another secret, long enough for one" })).toBe(1);
    expect(server.output.trim().split("\n").at(-1)).toMatch(/^The database was used with another secret: /);
    await server.start();
    expect((await server.get("/healthz")).status).toBe(200);
  } finally {
    await server.remove();
  }
});

test("given DATABASE_URL, then the server uses that database", async () => {
  const server = new TestServer();
  try {
    await server.start({ DATABASE_URL: first.databaseUrl(), CORDWOOD_SEGMENTS: first.segments });
    expect((await first.send('{"service":"shared","message":"m"}')).status).toBe(201);
    const { status } = await server.get("/api/logs/dashboard/service?service=shared");
    expect(status).toBe(200);
    expect(await server.end("SIGTERM")).toBe(0);
  } finally {
    await server.remove();
  }
});
