import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { endChild } from "@/core/testing/end-child";
import { freePort } from "@/core/testing/free-port";
import { testDatabase } from "@/core/testing/test-database";

const context = testDatabase("2026-03-10T12:00:00Z");

type Started = { child: ChildProcess; output: string; url: string };
let server: Started | null = null;
afterEach(() => endChild(server?.child, "SIGKILL"));

/** One that takes entries, which needs no pages and so no build. Resolves when it is ready or has ended. */
async function start(environment: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, ["--import", "tsx", "bin/start.ts"], {
    env: {
      ...process.env,
      PORT: "0",
      CORDWOOD_ROLE: "ingest",
      CORDWOOD_DATA_DIR: path.join(context.folder, "data"),
      DATABASE_URL: context.url,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const started: Started = { child, output: "", url: "" };
  server = started;
  await new Promise<void>((resolve) => {
    const read = (piece: Buffer) => {
      started.output += piece.toString();
      started.url = /Cordwood is ready on (\S+)/.exec(started.output)?.[1] ?? "";
      if (started.url !== "") resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("close", () => resolve());
  });
  if (started.url === "" && child.exitCode === 0) throw new Error(started.output);
  return started;
}

// Root may write everywhere; what is no folder refuses everybody.
test.each([
  ["the embedded database", "in a file", { DATABASE_URL: "", CORDWOOD_ROLE: "" }, "file/data", "ENOTDIR"],
  ["a database of its own", "a file", {}, "file", "EEXIST"],
])(
  "given %s and a data folder that is %s, then the start stops with a sentence",
  async (_with, _is, set, name, code) => {
    writeFileSync(path.join(context.folder, "file"), "");
    const folder = path.join(context.folder, name);
    const { child, output } = await start({ ...set, CORDWOOD_DATA_DIR: folder });
    expect(output.trim()).toBe(
      `CORDWOOD_DATA_DIR must be a folder that this user may write, not "${folder}" (${code}).`,
    );
    expect(child.exitCode).toBe(1);
  },
);

test("given a server that runs, when a newer version changes the database, then it is not ready any more, says why, and ends with an error", async () => {
  const started = await start();
  const ended = once(started.child, "close");
  expect((await fetch(`${started.url}/readyz`)).status).toBe(200);
  const future = 32_503_680_000_000;
  await context.db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', ${future}::bigint)`,
  );
  try {
    // What was found out is answered for a second.
    let said = "";
    const ask = async () => {
      const answer = await fetch(`${started.url}/readyz`);
      said = await answer.text();
      return answer.status;
    };
    await expect.poll(ask).toBe(503);
    expect(said).toContain("a newer Cordwood has changed the database");
    expect(await ended).toEqual([1, null]);
    expect(started.output).toContain("Cordwood ends: a newer Cordwood has changed the database");

    // A supervisor that starts it anew is told so.
    const again = await start();
    expect(again.child.exitCode).toBe(1);
    expect(again.output).toMatch(/^The database was written by a newer Cordwood/);
  } finally {
    await context.db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'of the future'`);
  }
});

test("given a database that holds every write, when the server is told to stop, then it gives up in time and ends", async () => {
  const syslogPort = await freePort();
  const started = await start({ CORDWOOD_SYSLOG_PORT: String(syslogPort), CORDWOOD_LOG_LEVEL: "error" });
  const { child, url } = started;
  expect(started.output).toContain("syslog");
  const client = await context.pool.connect();
  try {
    await client.query("begin; lock table logs.stats_minute in access exclusive mode");
    const entry = JSON.stringify({ service: "shop", message: "held" });
    const headers = { "content-type": "application/json" };
    const sent = fetch(`${url}/api/logs`, { method: "POST", headers, body: entry }).then(
      ({ status }) => status,
      () => "broken off",
    );
    const socket = net.connect(syslogPort, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("<13>1 2026-03-10T12:00:00Z host shop - - - held\n");
    const waiting = sql`select count(*)::int as count from pg_locks where relation = 'logs.stats_minute'::regclass and not granted`;
    await expect.poll(async () => (await context.db.execute(waiting)).rows[0]?.count).toBeGreaterThan(0);

    const toldMs = performance.now();
    await endChild(child, "SIGTERM");
    // Compose and Kubernetes kill after 40 s.
    expect(performance.now() - toldMs).toBeLessThan(40_000);
    expect(child.exitCode).toBe(0);
    // Whatever can't be ended says so.
    expect(started.output).not.toContain("Error");
    // Not acknowledged, so the sender has it still.
    expect(await sent).not.toBe(201);
    socket.destroy();
  } finally {
    await client.query("rollback");
    client.release();
  }
});
