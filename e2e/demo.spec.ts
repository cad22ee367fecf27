import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { dashboardStatsSchema } from "@/core/stats/schemas";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-demo-"));
test.beforeAll(() => server.start());
test.afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const run = promisify(execFile);
const demo = (...options: string[]) => run(process.execPath, ["--import", "tsx", "bin/demo.ts", ...options]);

async function dashboard() {
  const { body } = await server.get("/api/logs/dashboard");
  return z.object({ data: dashboardStatsSchema }).parse(body).data;
}

test("given traffic of some seconds, then several services show on the dashboard, with the errors of an incident", async () => {
  const { stdout } = await demo("--url", server.url, "--seconds", "4", "--rate", "300");
  expect(stdout).toContain("entries sent: look at");
  const { service_stats, top_errors } = await dashboard();
  const services = Object.values(service_stats);
  expect(services.length).toBeGreaterThan(2);
  const total = services.reduce((sum, { total_count }) => sum + total_count, 0);
  expect(total).toBe(Number(/^(\d+) entries sent/m.exec(stdout)?.[1]));
  expect(top_errors[0]?.count).toBeGreaterThan(1);
});

test("given a log file, then each line that is not blank is an entry of its own, with the level that it names", async () => {
  const file = path.join(folder, "app.log");
  const lines = Array.from({ length: 2_500 }, (_, index) => `[${index % 5 === 0 ? "error" : "info"}] line ${index}`);
  writeFileSync(file, `${lines.join("\n\n")}\n`);
  await demo("--url", server.url, "--file", file);
  const { service_stats } = await dashboard();
  expect(service_stats["app.log"]?.count_by_level).toMatchObject({ error: 500, info: 2_000 });
});

test("given a server that is not there, a missing file or a bad option, then one sentence says so", async () => {
  for (const [options, reason] of [
    [["--url", "http://127.0.0.1:9"], "does not answer"],
    [["--url", server.url, "--file", path.join(folder, "none.log")], "no such file"],
    [["--seconds", "x"], "--seconds must be a number"],
  ] as const) {
    const outcome = await demo(...options).catch((error: { code: number; stderr: string }) => error);
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.stderr).toContain(reason);
  }
});
