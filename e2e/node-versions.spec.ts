import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { HttpReceiver } from "@/core/testing/receivers";
import { TestServer } from "./server";
import { expect, test } from "./test";

/** The lines of Node.js that are supported; the tests themselves run on the one that is there. */
const SUPPORTED = ["22", "24", "26"];

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-node-"));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The executable of a version, from the npm package `node`. */
function install(version: string): string {
  const target = path.join(folder, version);
  const args = ["install", "--prefix", target, "--no-save", "--no-audit", "--no-fund", `node@${version}`];
  const { status, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  const node = path.join(target, "node_modules/node/bin/node");
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status !== 0 || !stdout?.startsWith(`v${version}.`)) throw new Error(`node@${version} is not there: ${stderr}`);
  return node;
}

const jobsSchema = z.object({
  data: z.object({
    by_type: z.array(z.object({ job_type: z.string(), last: z.object({ status: z.string() }).nullable() })),
  }),
});
const searchSchema = z.object({ data: z.object({ entries: z.array(z.object({ message: z.string() })) }) });

for (const version of SUPPORTED) {
  test(`given Node.js ${version}, then the production build takes entries, finds them, runs jobs and delivers an alert`, async () => {
    const receiver = new HttpReceiver();
    const server = new TestServer(install(version));
    try {
      await receiver.start();
      await server.start({ CORDWOOD_ALLOW_PRIVATE_WEBHOOKS: "1" });
      const config = {
        service: "shop",
        error_threshold_per_min: 1,
        warning_threshold_per_min: 1,
        alert_webhook_url: receiver.url,
      };
      expect((await server.send(JSON.stringify(config), {}, "/api/logs/alerts/config")).status).toBe(201);
      const entry = { service: "shop", level: "error", message: "card declined" };
      expect((await server.send(JSON.stringify([entry, entry]))).status).toBe(201);

      const { body } = await server.get("/api/logs?q=declined");
      expect(searchSchema.parse(body).data.entries.map(({ message }) => message)).toEqual([
        "card declined",
        "card declined",
      ]);
      await expect.poll(() => receiver.calls.length).toBe(1);
      const statusOf = async (jobType: string) => {
        const { by_type } = jobsSchema.parse((await server.get("/api/logs/jobs")).body).data;
        return by_type.find(({ job_type }) => job_type === jobType)?.last?.status;
      };
      for (const jobType of ["aggregate-hourly", "aggregate-daily", "retention", "check-thresholds"]) {
        await expect.poll(() => statusOf(jobType)).toBe("success");
      }
    } finally {
      await server.remove();
      await receiver.stop();
    }
  });
}
