import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { readOptions } from "./options";

const SOURCES = [
  "app",
  "components",
  "core",
  "db",
  "inngest",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
];
const MARKER = ".next/cordwood-sources";

/** One hash over the names and contents of everything that the build is made from; tests are not. */
function hashOfSources(): string {
  const hash = createHash("sha256");
  const add = (file: string) => hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  for (const source of SOURCES) {
    if (path.extname(source) !== "") add(source);
    else {
      const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const names = files.map((entry) => path.join(entry.parentPath, entry.name));
      for (const name of names.filter((file) => !file.includes(".test.")).sort()) add(name);
    }
  }
  return hash.digest("hex");
}

/**
 * Builds the application for production when its sources changed since the last build.
 * @param say is told before a build begins
 * @throws Error with the end of the build's output when it fails
 */
export function buildIfStale(say: (what: string) => void): void {
  // An installed package has the build and no sources.
  if (!existsSync("package-lock.json")) return;
  const hash = hashOfSources();
  if (existsSync(MARKER) && readFileSync(MARKER, "utf8") === hash) return;
  say("Building (after a change of the sources, about a minute) ...");
  const next = path.resolve("node_modules/next/dist/bin/next");
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const result = spawnSync(process.execPath, [next, "build"], { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0) {
    throw new Error(
      `The build failed:\n${`${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-40).join("\n")}`,
    );
  }
  writeFileSync(MARKER, hash);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  readOptions("node --import tsx bin/build.ts", "Builds the application when the build is older than the sources.", {});
  try {
    buildIfStale(console.log);
    console.log("The build is up to date.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
