import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { findCitus } from "@/core/testing/citus";
import { findBrowser } from "./browser";
import { readArguments } from "./options";
import { type Count, playwrightReport, type Report, skippedLines, vitestReport } from "./test-reports";

const { operands: patterns } = readArguments(
  "npm test --",
  "Runs every check, or only the tests whose path has a PATTERN in it; the last line is N passed, N failed.",
  {},
  { name: "PATTERN", about: "such as core/search or alerts.spec; without one, everything is run" },
);

const reports = mkdtempSync(path.join(os.tmpdir(), "cordwood-reports-"));
const bin = (name: string) => path.resolve("node_modules/.bin", name);
const costs: [step: string, seconds: number][] = [];
const total: Count = { passed: 0, failed: 0 };
const fileSeconds = new Map<string, number>();
/** Why each test that did not run did not. */
const skipped: string[] = [];

type Command = { name: string; command: string; args: readonly string[]; environment?: Record<string, string> };

/** @param beside another step runs at the same time: the output is printed in one piece when this one is done */
async function run({ name, command, args, environment }: Command, beside = false): Promise<boolean> {
  const startedMs = performance.now();
  if (!beside) console.log(`\n--- ${name}`);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...environment };
  const child = spawn(command, args, { stdio: beside ? ["ignore", "pipe", "pipe"] : "inherit", env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (beside) console.log(`\n--- ${name}\n${output.trimEnd()}`);
  costs.push([name, (performance.now() - startedMs) / 1000]);
  return code === 0;
}

function count({ passed, failed }: Count): void {
  total.passed += passed;
  total.failed += failed;
}

/** A run that ends without a report, or badly though no test failed, is one failure. */
function countReport(succeeded: boolean, file: string, read: (report: unknown) => Report): void {
  const report = existsSync(file)
    ? read(JSON.parse(readFileSync(file, "utf8")))
    : { passed: 0, failed: 0, files: [], skipped: [] };
  count(!succeeded && report.failed === 0 ? { ...report, failed: 1 } : report);
  for (const { name, seconds } of report.files) fileSeconds.set(name, seconds);
  skipped.push(...report.skipped);
}

const check = async (command: Command): Promise<void> =>
  count((await run(command, true)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

async function lintTypesAndBuild(): Promise<void> {
  await check({ name: "format and lint", command: bin("biome"), args: ["check", "--error-on-warnings", "."] });
  await check({ name: "types", command: bin("tsc"), args: ["--noEmit"] });
  await build();
}

const build = () => check({ name: "build", command: process.execPath, args: ["--import", "tsx", "bin/build.ts"] });

async function vitest(files: readonly string[]): Promise<void> {
  const file = path.join(reports, "vitest.json");
  const args = ["run", ...files, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  countReport(await run({ name: "unit and database tests", command: bin("vitest"), args }), file, vitestReport);
}

/** With the entries spread over workers, where there is what they are made of: it is no part of the project. */
async function vitestOnCitus(): Promise<void> {
  if (findCitus() === null) {
    skipped.push("all database tests on Citus, as there is no Citus for this machine in ../shared/peers/citus");
    return;
  }
  const file = path.join(reports, "vitest-citus.json");
  const config = ["--config", "vitest.citus.config.ts"];
  const args = ["run", ...config, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  countReport(await run({ name: "database tests on Citus", command: bin("vitest"), args }), file, vitestReport);
}

async function playwright(files: readonly string[]): Promise<void> {
  const file = path.join(reports, "playwright.json");
  const environment = { CORDWOOD_TEST_BROWSER: findBrowser(), PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const args = ["test", ...files, "--reporter=list,json"];
  const succeeded = await run({ name: "browser tests", command: bin("playwright"), args, environment });
  countReport(succeeded, file, playwrightReport);
}

/** All of them run, even after one failed. The build waits for nothing of the tests that need none, so it goes beside them. */
async function runAll(): Promise<void> {
  await Promise.all([lintTypesAndBuild(), vitest([])]);
  await vitestOnCitus();
  await playwright([]);
}

async function runPart(): Promise<void> {
  const files = ["core", "db", "inngest", "app", "components", "bin", "bench", "e2e"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`),
  );
  const matching = files.filter((file) => patterns.some((pattern) => file.includes(pattern)));
  const units = matching.filter((file) => /\.test\.tsx?$/.test(file));
  const specs = matching.filter((file) => file.endsWith(".spec.ts"));
  if (units.length + specs.length === 0) throw new Error(`No test's path has ${patterns.join(" or ")} in it.`);
  if (units.length > 0) await vitest(units);
  if (specs.length > 0) await build();
  if (specs.length > 0) await playwright(specs);
}

function printCosts(): void {
  const line = (seconds: number, name: string) => console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  console.log("\nWhat each step took:");
  for (const [step, seconds] of costs) line(seconds, step);
  const slowest = [...fileSeconds].sort((a, b) => b[1] - a[1]).slice(0, 10);
  if (slowest.length > 0) console.log("The slowest files:");
  for (const [name, seconds] of slowest) line(seconds, name);
}

try {
  await (patterns.length > 0 ? runPart() : runAll());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed++;
}
rmSync(reports, { recursive: true, force: true });
printCosts();
for (const line of ["", ...skippedLines(skipped)]) console.log(line);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
