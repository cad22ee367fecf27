import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { findBrowser } from "./browser";
import { readOptions } from "./options";

readOptions("npm test --", "Runs every check; its last line is N passed, N failed.", {});

/** Runs every check and prints `N passed, N failed` as its last line; all of them run, even after one failed. */
type Count = { passed: number; failed: number };

const reports = mkdtempSync(path.join(os.tmpdir(), "cordwood-reports-"));
const bin = (name: string) => path.resolve("node_modules/.bin", name);

const run = (
  name: string,
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): boolean => {
  console.log(`\n--- ${name}`);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...environment };
  return spawnSync(command, args, { stdio: "inherit", env }).status === 0;
};

const vitestSchema = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });
const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
});

/** A run that ends without a report, or badly though no test failed, is one failure. */
function counted(succeeded: boolean, file: string, read: (report: unknown) => Count): Count {
  const count = existsSync(file) ? read(JSON.parse(readFileSync(file, "utf8"))) : { passed: 0, failed: 0 };
  return !succeeded && count.failed === 0 ? { ...count, failed: 1 } : count;
}

const check = (succeeded: boolean): Count => (succeeded ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

function vitest(): Count {
  const file = path.join(reports, "vitest.json");
  const succeeded = run("unit and database tests", bin("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]);
  return counted(succeeded, file, (report) => {
    const { numPassedTests, numFailedTests } = vitestSchema.parse(report);
    return { passed: numPassedTests, failed: numFailedTests };
  });
}

function playwright(): Count {
  const file = path.join(reports, "playwright.json");
  const environment = { CORDWOOD_TEST_BROWSER: findBrowser(), PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const succeeded = run("browser tests", bin("playwright"), ["test", "--reporter=list,json"], environment);
  return counted(succeeded, file, (report) => {
    const { expected, unexpected, flaky } = playwrightSchema.parse(report).stats;
    return { passed: expected, failed: unexpected + flaky };
  });
}

const total: Count = { passed: 0, failed: 0 };
const steps = [
  () => check(run("format and lint", bin("biome"), ["check", "--error-on-warnings", "."])),
  () => check(run("types", bin("tsc"), ["--noEmit"])),
  vitest,
  () => check(run("build", process.execPath, ["--import", "tsx", "bin/build.ts"])),
  playwright,
];
for (const step of steps) {
  try {
    const { passed, failed } = step();
    total.passed += passed;
    total.failed += failed;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    total.failed++;
  }
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
