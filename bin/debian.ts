import { type StdioOptions, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Installs packages, where this is Debian and its root.
 * @param stdio where the installer says what it does
 * @returns false when it isn't; whether they could be installed the caller looks for itself
 */
export function installFromDebian(packages: readonly string[], stdio: StdioOptions): boolean {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return false;
  const options = { stdio, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update"], options);
  spawnSync("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], options);
  return true;
}
