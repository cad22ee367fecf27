// Installs the dependencies when they are missing or not those of package-lock.json. Plain JavaScript without
// dependencies, because it runs before any of them is there: as npm's prestart, pretest and the like.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = [20, 9];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(`Cordwood needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

const lock = createHash("sha256")
  .update(readFileSync(path.join(root, "package-lock.json")))
  .digest("hex");
const marker = path.join(root, "node_modules/.cordwood-installed");
if (!existsSync(marker) || readFileSync(marker, "utf8") !== lock) {
  process.stdout.write("Installing dependencies (once, about a minute) ...\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--include=dev"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    process.stderr.write("The dependencies could not be installed: npm ci failed, see above.\n");
    process.exit(1);
  }
  writeFileSync(marker, lock);
}
