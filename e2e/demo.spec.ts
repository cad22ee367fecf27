import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { dashboardStatsSchema } from "@/core/stats/schemas";
import { TestServer } from "./server";
import { expect, test } from "./test";

const server = new TestServer();
test.beforeAll(() => server.start());
test.afterAll(() => server.remove());

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

test("given a server that is not there or a bad option, then one sentence says so", async () => {
  for (const [options, reason] of [
    [["--url", "http://127.0.0.1:9"], "does not answer"],
    [["--seconds", "x"], "--seconds must be a number"],
  ] as const) {
    const outcome = await demo(...options).catch((error: { code: number; stderr: string }) => error);
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.stderr).toContain(reason);
  }
});
