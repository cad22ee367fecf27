import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { removeDataFolder, UnusableFolder } from "./data-folder";
import { startEmbeddedServer } from "./embedded-server";

const made: string[] = [];
afterEach(() => {
  for (const dataDir of made.splice(0)) removeDataFolder(dataDir);
});
function newFolder(): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "cordwood-server-"));
  made.push(dataDir);
  return dataDir;
}
const silent = () => undefined;
const clusterOf = (dataDir: string) => realpathSync(path.join(dataDir, "postgres"));

const pidIn = (dataDir: string) =>
  Number(readFileSync(path.join(clusterOf(dataDir), "postmaster.pid"), "utf8").split("\n")[0]);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("given a start that is not ready yet, when it is stopped, then no PostgreSQL is left and the next start works", async () => {
  const dataDir = newFolder();
  let stopped: Promise<void> | undefined;
  const starting = startEmbeddedServer(dataDir, silent, (stop) => {
    stopped = stop();
  });
  await expect(starting).rejects.toThrow("did not start");
  await stopped;
  expect(existsSync(path.join(clusterOf(dataDir), "postmaster.pid"))).toBe(false);

  const server = await startEmbeddedServer(dataDir, silent);
  const pid = server.pid() ?? 0;
  expect(isAlive(pid)).toBe(true);
  await server.stop();
  expect(isAlive(pid)).toBe(false);
});

test("given a server at a socket of the folder that is no process of this machine, when another starts, then it is refused and the socket stays", async () => {
  const dataDir = newFolder();
  await (await startEmbeddedServer(dataDir, silent)).stop();
  // As a PostgreSQL in another container has it on a volume that both use.
  const socket = path.join(clusterOf(dataDir), ".s.PGSQL.54321");
  const other = net.createServer((client) => client.destroy());
  await new Promise<void>((resolve) => other.listen(socket, resolve));

  await expect(startEmbeddedServer(dataDir, silent)).rejects.toThrow(UnusableFolder);
  await expect(startEmbeddedServer(dataDir, silent)).rejects.toThrow(
    `Another Cordwood, perhaps in another container, is using the data folder ${dataDir}`,
  );
  expect(existsSync(socket)).toBe(true);

  await new Promise((resolve) => other.close(resolve));
  await (await startEmbeddedServer(dataDir, silent)).stop();
});

test("given a PostgreSQL whose Cordwood was killed, when the folder is named otherwise, then it is ended and a new one starts", async () => {
  const dataDir = newFolder();
  const killed = `
    const { startEmbeddedServer } = await import("./db/embedded/embedded-server.ts");
    await startEmbeddedServer(process.argv[1], () => undefined);
    process.kill(process.pid, "SIGKILL");`;
  const starting = promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "-e",
    killed,
    dataDir,
  ]);
  await expect(starting).rejects.toMatchObject({ signal: "SIGKILL" });
  const orphan = pidIn(dataDir);
  expect(isAlive(orphan)).toBe(true);

  const link = path.join(newFolder(), "link");
  symlinkSync(dataDir, link);
  const server = await startEmbeddedServer(link, silent);
  expect(pidIn(dataDir)).toBe(server.pid());
  expect(server.pid()).not.toBe(orphan);
  await server.stop();
});
