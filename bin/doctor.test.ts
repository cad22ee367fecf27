import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { removeDataFolder } from "@/db/embedded/data-folder";
import { startEmbeddedServer } from "@/db/embedded/embedded-server";
import { migrateDatabase } from "@/db/migrate";

const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-doctor-"));
const dataDir = path.join(folder, "data");
afterAll(() => {
  removeDataFolder(dataDir);
  rmSync(folder, { recursive: true, force: true });
});

async function run(environment: Record<string, string>, ...given: string[]) {
  const env = { ...process.env, CORDWOOD_DATA_DIR: dataDir, DATABASE_URL: "", ...environment };
  const started = promisify(execFile)(process.execPath, ["--import", "tsx", "bin/doctor.ts", ...given], { env });
  return started.then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
}

const answerSchema = z.object({
  is_well: z.boolean(),
  findings: z.array(z.object({ part: z.string(), state: z.string(), says: z.string(), todo: z.string().nullable() })),
});

test("given no installation, a bad variable, and one that was stopped, then it says what to do and ends accordingly", async () => {
  expect(await run({})).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/look {4}database: there is none in .*\n {8}Start Cordwood/),
  });
  expect(await run({ PORT: "many" })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('trouble configuration: PORT must be a whole number from 0 to 65535, not "many".'),
  });

  const server = await startEmbeddedServer(dataDir, () => undefined);
  await migrateDatabase(server.connectionString);
  await server.stop();
  const { code, stdout } = await run({}, "--json");
  const { is_well, findings } = answerSchema.parse(JSON.parse(stdout));
  expect({ code, is_well }).toEqual({ code: is_well ? 0 : 1, is_well });
  expect(
    findings.filter(({ part }) => ["database", "tables", "clock", "store of segments"].includes(part)),
  ).toMatchObject([
    { state: "ok", says: expect.stringMatching(/^PostgreSQL 18\.\d+ answers in /) },
    { state: "ok" },
    { state: "ok" },
    { state: "ok" },
  ]);
});
