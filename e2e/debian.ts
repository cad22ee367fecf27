import { existsSync } from "node:fs";
import path from "node:path";
import { installFromDebian } from "@/bin/debian";

const FOLDERS = [
  ...(process.env.PATH ?? "").split(path.delimiter),
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/lib/systemd",
  "/lib/systemd",
  "/usr/lib/x86_64-linux-gnu",
  "/usr/lib/aarch64-linux-gnu",
];

const find = (program: string): string | null => {
  const folder = FOLDERS.find((candidate) => existsSync(path.join(candidate, program)));
  return folder === undefined ? null : path.join(folder, program);
};

/**
 * A program of Debian, which is installed when it is missing and this is root's Debian.
 * @param packages that it comes with, and what else it needs
 * @returns its path; null when it is out of reach, which is said on standard error
 */
export function programOfDebian(program: string, packages: readonly string[]): string | null {
  const found = find(program);
  if (found !== null) return found;
  installFromDebian(packages, "ignore");
  const installed = find(program);
  if (installed === null) process.stderr.write(`${program} can't be installed here: the tests with it did not run\n`);
  return installed;
}
