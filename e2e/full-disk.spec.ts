import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, truncateSync, writeSync } from "node:fs";
import path from "node:path";
import { NO_ROOM } from "@/core/ingest/database-room";
import { TestServer } from "./server";
import { SteadySenders } from "./steady-senders";
import { expectStoredOnce } from "./stored-once";
import { expect, test } from "./test";

const MIB = 1024 * 1024;
const canMount = process.platform === "linux" && process.getuid?.() === 0;

let server: TestServer;
test.beforeEach(async () => {
  test.skip(!canMount, "a disk of its own needs root on Linux");
  server = new TestServer();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=400m", "cordwood-e2e", server.folder]);
  await server.start();
});
test.afterEach(async () => {
  if (!canMount) return;
  await server.end("SIGTERM");
  execFileSync("umount", ["--lazy", server.folder]);
  await server.remove();
});

const ballast = () => path.join(server.folder, "ballast");

/** Leaves about so much room. */
function fillDisk(leftBytes: number): void {
  const file = openSync(ballast(), "w");
  const piece = Buffer.alloc(MIB, 1);
  let size = 0;
  try {
    for (;;) size += writeSync(file, piece);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
  truncateSync(ballast(), size - leftBytes);
}

const readiness = () => server.get("/readyz").catch(() => ({ status: 0, body: null }));
const untilReady = () => expect.poll(readiness, { timeout: 60_000 }).toMatchObject({ status: 200 });

test("given a disk that is full, then senders are told so, readers are served, and with room it goes on by itself and nothing acknowledged is missing", async () => {
  const before = new SteadySenders(server.url, "before");
  await before.enough(200);
  fillDisk(MIB);
  await expect.poll(() => before.refused.length, { timeout: 60_000, intervals: [20] }).toBeGreaterThan(0);
  expect(before.refused[0]).toMatchObject({ status: 503, error: expect.stringContaining(NO_ROOM) });
  await expect.poll(readiness).toEqual({ status: 503, body: { status: NO_ROOM } });
  expect((await server.get("/healthz")).status).toBe(200);
  expect((await server.get("/readyz?for=reading")).status).toBe(200);
  expect((await server.get("/readyz?for=nothing")).status).toBe(400);
  expect((await server.get("/api/logs?q=before")).status).toBe(200);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("cordwood_database_has_room 0");

  // Whoever goes on sending uses up what PostgreSQL keeps for its log, too, and ends it.
  const refused = before.refused.length;
  await expect.poll(() => before.refused.length, { timeout: 60_000 }).toBeGreaterThan(refused + 100);
  rmSync(ballast());
  await untilReady();
  await before.enough(200);
  await expectStoredOnce(server.databaseUrl(), await before.stop());
});

test("given a disk that is full and nobody who sends any more, when there is room, then it says that it is ready", async () => {
  fillDisk(MIB);
  const entries = Array.from({ length: 1_000 }, (_, index) => ({
    service: "shop",
    message: `${index} ${"x".repeat(1_000)}`,
  }));
  const status = async () => (await server.send(JSON.stringify(entries))).status;
  await expect.poll(status, { timeout: 60_000, intervals: [0] }).toBe(503);
  expect((await readiness()).status).toBe(503);
  rmSync(ballast());
  await untilReady();
  expect(await status()).toBe(201);
});
