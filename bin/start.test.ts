import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { endChild } from "@/core/testing/end-child";
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

test("given a server that runs, when a newer version changes the database, then it is not ready any more, says why, and ends with an error", async () => {
  const started = await start();
  const ended = once(started.child, "close");
  expect((await fetch(`${started.url}/readyz`)).status).toBe(200);
  const future = 32_503_680_000_000;
  await context.db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of the future', ${future}::bigint)`,
  );
  const answer = await fetch(`${started.url}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain("a newer Cordwood has changed the database");
  expect(await ended).toEqual([1, null]);
  expect(started.output).toContain("Cordwood ends: a newer Cordwood has changed the database");

  // A supervisor that starts it anew is told so.
  const again = await start();
  expect(again.child.exitCode).toBe(1);
  expect(again.output).toMatch(/^The database was written by a newer Cordwood/);
  await context.db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'of the future'`);
});
