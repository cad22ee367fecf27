import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundlePrograms } from "./bundle-programs";
import { readOptions } from "./options";

/** Where `npm start` finds the server as JavaScript. */
const PROGRAMS_FOLDER = ".programs";

const SHARED = ["app", "core", "db", "inngest", "package-lock.json"];
/** What is built, from which sources, and where a hash of those stands that it was built from. */
const PAGES = {
  sources: ["components", ...SHARED, "next.config.ts", "postcss.config.mjs"],
  marker: ".next/cordwood-sources",
};
export const PROGRAMS = { sources: ["bin", ...SHARED], marker: `${PROGRAMS_FOLDER}/sources` };

/** One hash over the names and contents of everything that a part is made from; tests are not. */
function hashOf(sources: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (file: string) => hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  for (const source of sources) {
    if (path.extname(source) !== "") add(source);
    else {
      const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const names = files.map((entry) => path.join(entry.parentPath, entry.name));
      for (const name of names.filter((file) => !file.includes(".test.")).sort()) add(name);
    }
  }
  return hash.digest("hex");
}

async function ifStale({ sources, marker }: typeof PAGES, build: () => unknown): Promise<void> {
  const hash = hashOf(sources);
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return;
  await build();
  writeFileSync(marker, hash);
}

/**
 * Builds the application for production, its pages and its programs, where sources changed since the last build.
 * @param say is told before a build that takes long begins
 * @throws Error with the end of the build's output when it fails
 */
export async function buildIfStale(say: (what: string) => void): Promise<void> {
  await ifStale(PAGES, () => {
    say("Building (after a change of the sources, about a minute) ...");
    buildPages();
  });
  await ifStale(PROGRAMS, () => bundlePrograms(PROGRAMS_FOLDER, true));
}

function buildPages(): void {
  const next = path.resolve("node_modules/next/dist/bin/next");
  const env = { ...process.env, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" };
  const result = spawnSync(process.execPath, [next, "build"], { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return;
  const output = `${result.stdout}\n${result.stderr}`.trim();
  throw new Error(`The build failed:\n${output.split("\n").slice(-40).join("\n")}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  readOptions("node --import tsx bin/build.ts", "Builds the application when the build is older than the sources.", {});
  try {
    await buildIfStale(console.log);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
