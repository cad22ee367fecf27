import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Cluster, connectionTo, prepareCluster, socketFolder, UnusableFolder } from "./data-folder";
import { answers } from "./folder-lock";

export type EmbeddedServer = {
  connectionString: string;
  /** Of the main PostgreSQL process. */
  pid(): number | undefined;
  /** Ends it in order, as `pg_ctl stop -m fast` does. */
  stop(): Promise<void>;
};

/** Recovery after a crash replays the write-ahead log, which may take its time. */
const READY_WITHIN_MS = 300_000;
const ORPHAN_ENDS_WITHIN_MS = 30_000;
const RESTART_DELAY_MS = 500;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  max_connections: "60",
  shared_buffers: "256MB",
  // For the indexes of closed days.
  maintenance_work_mem: "256MB",
  max_wal_size: "4GB",
  checkpoint_timeout: "15min",
  // Every query here is short: compiling one costs more than running it.
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * Starts the PostgreSQL that came with npm on a free port, makes its cluster in `dataDir` when there is none, ends an
 * orphan that a killed server left behind, and starts it again should it die. The caller holds the lock of `dataDir`.
 * @param spawned told how to stop it as soon as there is a process, which may take minutes to be ready
 * @throws UnusableFolder when the database is in use elsewhere or lost; Error with what PostgreSQL said, when it doesn't come up
 */
export async function startEmbeddedServer(
  dataDir: string,
  report: (event: string) => void,
  spawned: (stop: () => Promise<void>) => void = () => undefined,
): Promise<EmbeddedServer> {
  const cluster = await prepareCluster(dataDir);
  await endOrphan(cluster.folder);
  await removeSockets(cluster.folder, dataDir);
  const port = await freePort();
  const logFile = path.join(dataDir, "postgres.log");
  const connectionString = connectionTo(cluster, port);
  let stopping = false;
  let child: ChildProcess;

  const launch = () => {
    child = spawnPostgres(cluster, port, logFile);
    const again = (why: string) => {
      if (stopping) return;
      report(`PostgreSQL ${why}; starting it again`);
      setTimeout(() => !stopping && launch(), RESTART_DELAY_MS);
    };
    child.once("exit", (code, signal) => again(`ended unexpectedly (${signal ?? `code ${code}`})`));
    // Where no process could be made, as with too many of them, there is none that ends.
    child.once("error", ({ message }) => again(`could not be started (${message})`));
    return child;
  };

  const stop = async () => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.kill("SIGINT");
    await ended;
  };

  const first = launch();
  spawned(stop);
  const gaveUp = () => stopping || (first.exitCode !== null && !hasRestarted(first, child));
  await untilReady(connectionString, gaveUp, logFile);
  return { connectionString, pid: () => child.pid, stop };
}

const hasRestarted = (first: ChildProcess, current: ChildProcess) => first !== current;

/** In a session of its own (detached): Ctrl-C in the terminal reaches Cordwood only, which stops PostgreSQL last. */
function spawnPostgres(cluster: Cluster, port: number, logFile: string): ChildProcess {
  const log = openSync(logFile, "a", 0o600);
  const sockets = { unix_socket_directories: socketFolder(cluster, port) ?? "" };
  const settings = Object.entries({ ...SETTINGS, ...sockets }).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(cluster.binaries.postgres, ["-D", cluster.folder, "-p", String(port), ...settings], {
    ...cluster.user,
    cwd: path.parse(cluster.folder).root,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  return child;
}

async function untilReady(connectionString: string, gaveUp: () => boolean, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (gaveUp() || Date.now() > deadline) {
        const said = existsSync(logFile) ? readFileSync(logFile, "utf8").trim().split("\n").slice(-3).join(" | ") : "";
        throw new Error(`The embedded PostgreSQL did not start: ${said || String(error)}`);
      }
      await sleep(50);
    }
  }
}

/** A PostgreSQL that still runs on the folder although its Cordwood is gone, because that one was killed. */
async function endOrphan(folder: string): Promise<void> {
  const file = path.join(folder, "postmaster.pid");
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isPostgres(pid, folder)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + ORPHAN_ENDS_WITHIN_MS;
  while (isPostgres(pid, folder)) {
    if (Date.now() > deadline) process.kill(pid, "SIGQUIT");
    await sleep(50);
  }
}

/**
 * Those of a server that was killed, which stay: each start has a port, and so a name, of its own.
 * @throws UnusableFolder when a server listens at one. It is no orphan of this machine's, or of this container's: sockets are reached
 * through a volume that containers share, while neither the lock nor process ids are seen from one in the other, and PostgreSQL would not notice either
 */
async function removeSockets(folder: string, dataDir: string): Promise<void> {
  const sockets = readdirSync(folder).filter((name) => name.startsWith(".s.PGSQL."));
  for (const name of sockets) {
    if (!(await answers(path.join(folder, name)))) continue;
    throw new UnusableFolder(
      `Another Cordwood, perhaps in another container, is using the data folder ${dataDir}: stop it, or set CORDWOOD_DATA_DIR to another folder. Other programs of Cordwood run in its container.`,
    );
  }
  for (const name of sockets) rmSync(path.join(folder, name), { force: true });
}

/**
 * Process ids are used again, after a power loss by any program: before it is sent a signal, the process must have the folder in its
 * command line, or be in it; on Windows, which tells neither, it must be a PostgreSQL.
 */
function isPostgres(pid: number, folder: string): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform === "win32")
      return outputOf("tasklist", "/NH", "/FI", `PID eq ${pid}`).includes("postgres.exe");
    if (process.platform !== "linux")
      return outputOf("ps", "-ww", "-o", "command=", "-p", String(pid)).includes(folder);
    if (readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").includes(folder)) return true;
    // It was started by another name of the folder.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

const outputOf = (program: string, ...given: string[]): string => execFileSync(program, given, { encoding: "utf8" });

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port")),
      );
    });
  });
}
