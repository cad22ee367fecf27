import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import {
  canEnter,
  copyBinaries,
  findBinaries,
  type PostgresBinaries,
  postgresUser,
  type SystemUser,
  versionOf,
  withUmask,
} from "./binaries";

const run = promisify(execFile);

/** Where root's PostgreSQL lives when the project is in a folder that the postgres user may not enter. */
const SHARED_HOME = "/var/lib/cordwood";

/** The data folder can't be used as it is; a sentence for the user. */
export class UnusableFolder extends Error {}

export type Cluster = {
  binaries: PostgresBinaries;
  user: SystemUser | undefined;
  /** PostgreSQL's own data folder. */
  folder: string;
  password: string;
};

/**
 * Finds or makes the PostgreSQL cluster that belongs to `dataDir`; initdb takes about 3 s the first time.
 * @throws UnusableFolder when it or its password is lost, or root's PostgreSQL can't enter it
 */
export async function prepareCluster(dataDir: string): Promise<Cluster> {
  const user = postgresUser();
  // Who is not its user may not even see what is in it. Root's PostgreSQL has another user, which has to get through it.
  withUmask(0, () => mkdirSync(dataDir, { recursive: true, mode: user ? 0o711 : 0o700 }));
  let binaries = await findBinaries();
  let folder = path.join(dataDir, "postgres");
  if (user && !canEnter(path.dirname(binaries.initdb), user)) {
    makeSharedHome();
    // One for each version, so that an upgrade brings PostgreSQL's as well.
    binaries = copyBinaries(binaries, path.join(SHARED_HOME, `postgresql-${versionOf(binaries)}`));
  }
  if (existsSync(folder)) {
    if (user && !canEnter(folder, user)) folder = realpathSync(folder);
    if (user && !canEnter(folder, user)) {
      throw new UnusableFolder(
        `The database is in ${folder}, which the user postgres can't enter, as whom root's PostgreSQL runs: start Cordwood as the user that has it, or let postgres have it and pass through the folders above it (chown -R postgres ${folder}, chmod o+x).`,
      );
    }
  } else if (isLink(folder)) {
    throw new UnusableFolder(
      `The database of ${dataDir} is in ${readlinkSync(folder)}, which is not there: put it back, or remove the link ${folder} to begin with an empty one.`,
    );
  } else if (user && !canEnter(dataDir, user)) {
    folder = linkToNew(folder, dataDir, user);
  }
  const hasCluster = existsSync(path.join(folder, "PG_VERSION"));
  const password = readPassword(path.join(dataDir, "postgres-password"), hasCluster);
  if (!hasCluster) await initialise(binaries, folder, password, user);
  return { binaries, user, folder, password };
}

/**
 * Links to a new folder where the postgres user can enter it. One of the same name may be that of a data folder which was moved elsewhere
 * with its link, so that it stays.
 */
function linkToNew(link: string, dataDir: string, user: SystemUser): string {
  const named = path.join(SHARED_HOME, createHash("sha256").update(dataDir).digest("hex").slice(0, 16));
  makeSharedHome();
  const own = existsSync(named) ? `${named}-${randomBytes(4).toString("hex")}` : named;
  mkdirSync(own, { mode: 0o700 });
  chownSync(own, user.uid, user.gid);
  symlinkSync(own, link);
  return own;
}

const isLink = (file: string) => lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

const makeSharedHome = () => withUmask(0, () => mkdirSync(SHARED_HOME, { recursive: true, mode: 0o755 }));

/**
 * Deletes a data folder whose server is stopped, with the cluster that root's PostgreSQL keeps elsewhere for it. For what is
 * made for a while: tests and benchmarks.
 */
export function removeDataFolder(dataDir: string): void {
  const folder = path.join(dataDir, "postgres");
  if (existsSync(folder)) rmSync(realpathSync(folder), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Of a socket's path, with the zero at its end: sun_path of Linux has 108, of others 104 (unix(7), unix(4)). */
const MOST_SOCKET_BYTES = 104;

/**
 * Where the cluster's server has its socket, which costs a third less than TCP for what goes to it: in its own folder, which only its user
 * may enter. Null where it can have none: the folder's path is too long for it, or the system is Windows.
 */
export function socketFolder({ folder }: Cluster, port: number): string | null {
  const socket = path.resolve(folder, `.s.PGSQL.${port}`);
  return process.platform === "win32" || Buffer.byteLength(socket) >= MOST_SOCKET_BYTES ? null : path.resolve(folder);
}

/** The URL of the cluster's server: by its socket where it has one, else by TCP. */
export function connectionTo(cluster: Cluster, port: number): string {
  const url = `postgres://cordwood:${cluster.password}@127.0.0.1:${port}/postgres`;
  const sockets = socketFolder(cluster, port);
  return sockets === null ? url : `${url}?host=${encodeURIComponent(sockets)}`;
}

/** Appears whole or not at all: a full disk would leave an empty one, with which no cluster can be made. */
function readPassword(file: string, hasCluster: boolean): string {
  const known = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (known !== "") return known;
  if (hasCluster)
    throw new UnusableFolder(
      `The password of the database is lost, which was in ${file}: put it back from a copy of the data folder.`,
    );
  const made = randomBytes(24).toString("hex");
  writeFileSync(`${file}.new`, made, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return made;
}

/** Made beside its place and then renamed, so that a start that is killed here leaves nothing half made. */
async function initialise(
  binaries: PostgresBinaries,
  folder: string,
  password: string,
  user: SystemUser | undefined,
): Promise<void> {
  const unfinished = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const owned of [unfinished, passwordFile]) chownSync(owned, user.uid, user.gid);
  try {
    await run(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        "--username=cordwood",
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
      ],
      { ...user, cwd: path.parse(folder).root },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, folder);
}
