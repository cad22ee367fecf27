import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { chromium } from "@playwright/test";
import { installFromDebian } from "./debian";

/** The first is Chromium without its window, whose tests take a fifth less of a processor. */
const SYSTEM_NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "chrome",
];

/**
 * The browser for the tests: CORDWOOD_TEST_BROWSER, else one of the system, else Playwright's own, installed if need be,
 * else Debian's, when root.
 * @returns its absolute path
 * @throws Error when none can be had
 */
export function findBrowser(): string {
  const named = process.env.CORDWOOD_TEST_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CORDWOOD_TEST_BROWSER must be the path of a Chromium or Chrome; there is nothing at ${named}.`);
  }
  const found = onSystem() ?? ofPlaywright() ?? fromDebian();
  if (found) return found;
  throw new Error(
    "No browser for the tests: install Chromium or Chrome, or set CORDWOOD_TEST_BROWSER to the path of one.",
  );
}

function onSystem(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(path.delimiter), "/Applications/Google Chrome.app/Contents/MacOS"];
  for (const name of [...SYSTEM_NAMES, "Google Chrome"]) {
    const folder = folders.find((candidate) => existsSync(path.join(candidate, name)));
    if (folder) return path.join(folder, name);
  }
  return undefined;
}

function ofPlaywright(): string | undefined {
  const executable = chromium.executablePath();
  if (existsSync(executable)) return executable;
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve("@playwright/test/package.json")),
    "cli.js",
  );
  spawnSync(process.execPath, [cli, "install", "chromium"], { stdio: "inherit", timeout: 300_000 });
  return existsSync(executable) ? executable : undefined;
}

function fromDebian(): string | undefined {
  return installFromDebian(["chromium"], "inherit") ? onSystem() : undefined;
}
