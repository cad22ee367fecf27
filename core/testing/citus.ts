import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { copyBinaries, findBinaries, type PostgresBinaries, postgresUser } from "@/db/embedded/binaries";
import { endChild } from "./end-child";
import { freePort } from "./free-port";
import { takesConnections } from "./takes-connections";

/** Where Citus is, built for the embedded PostgreSQL: beside the project, and not a part of it. */
const ARCHIVES = path.resolve("../shared/peers/citus");

/** The archive with Citus for this machine; null where there is none. */
export function findCitus(): string | null {
  if (!existsSync(ARCHIVES)) return null;
  const name = readdirSync(ARCHIVES).find((file) => file.endsWith(`-${process.platform}-${process.arch}.tar.xz`));
  return name === undefined ? null : path.join(ARCHIVES, name);
}

const SETTINGS = `
shared_preload_libraries = 'citus'
max_prepared_transactions = 200
max_connections = 200
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 64MB
jit = off
fsync = off
timezone = 'UTC'
citus.shard_count = 8
citus.recover_2pc_interval = 1s
citus.enable_statistics_collection = off
`;

type Node = { folder: string; port: number; child: ChildProcess | null };

/** A coordinator and two workers of Citus. */
export class CitusCluster {
  /** What is unpacked was built to find its libraries where they are; nodes must not look for certificates in root's home. */
  private readonly options: SpawnOptions & { stdio: "ignore" };
  private readonly nodes: Node[] = [];

  private constructor(
    private readonly folder: string,
    private readonly binaries: PostgresBinaries,
    private readonly user = postgresUser(),
  ) {
    const env = { ...process.env, HOME: folder, LD_LIBRARY_PATH: path.join(folder, "postgresql/lib") };
    this.options = { ...user, env, cwd: "/", stdio: "ignore" };
  }

  /** @param archive that findCitus has found */
  static async start(archive: string): Promise<CitusCluster> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-citus-"));
    chmodSync(folder, 0o755);
    const programs = path.join(folder, "postgresql");
    const binaries = copyBinaries(await findBinaries(), programs);
    execFileSync("tar", ["-xJf", archive, "-C", programs]);
    const cluster = new CitusCluster(folder, binaries);
    await cluster.initialise();
    return cluster;
  }

  private async initialise(): Promise<void> {
    const first = path.join(this.folder, "node0");
    mkdirSync(first, { mode: 0o700 });
    if (this.user) chownSync(first, this.user.uid, this.user.gid);
    const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"];
    const options = [
      `--pgdata=${first}`,
      "--username=cordwood",
      "--auth=trust",
      "--encoding=UTF8",
      "--no-sync",
      ...locale,
    ];
    execFileSync(this.binaries.initdb, options, this.options);
    appendFileSync(path.join(first, "postgresql.conf"), SETTINGS);
    for (const place of [0, 1, 2]) {
      const folder = path.join(this.folder, `node${place}`);
      if (place > 0) {
        cpSync(first, folder, { recursive: true });
        if (this.user) execFileSync("chown", ["-R", `${this.user.uid}:${this.user.gid}`, folder]);
      }
      this.nodes.push({ folder, port: await freePort(), child: null });
    }
    await Promise.all(this.nodes.map((_, place) => this.startNode(place)));
  }

  /** @param place 0 for the coordinator */
  async startNode(place: number): Promise<void> {
    const node = this.nodeAt(place);
    const options = ["-D", node.folder, "-p", String(node.port)];
    node.child = spawn(this.binaries.postgres, options, this.options);
    while (!(await takesConnections(urlOf(node.port, "postgres")))) {
      if (node.child.exitCode !== null) throw new Error(`a node of Citus ended with code ${node.child.exitCode}`);
      await sleep(50);
    }
  }

  /** At once, as a crash would (SIGQUIT), or in order (SIGINT). */
  async endNode(place: number, signal: "SIGQUIT" | "SIGINT"): Promise<void> {
    await endChild(this.nodeAt(place).child, signal);
  }

  /** Of the coordinator and then of the workers, while they run. */
  get processIds(): number[] {
    return this.nodes.map(({ child }) => child?.pid ?? 0);
  }

  /** Of the coordinator and then of the workers. */
  get ports(): number[] {
    return this.nodes.map(({ port }) => port);
  }

  async stop(): Promise<void> {
    for (const [place] of this.nodes.entries()) await this.endNode(place, "SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private nodeAt(place: number): Node {
    const node = this.nodes[place];
    if (!node) throw new Error(`there is no node ${place}`);
    return node;
  }
}

const urlOf = (port: number, database: string) => `postgres://cordwood@127.0.0.1:${port}/${database}`;

/**
 * Makes an empty database on nodes of Citus, which know each other in it.
 * @param ports of the coordinator and then of the workers
 * @returns the URL of the database on the coordinator
 */
export async function createCitusDatabase(ports: readonly number[], name: string): Promise<string> {
  await Promise.all(
    ports.map(async (port) => {
      await run(urlOf(port, "postgres"), [`create database ${name}`]);
      await run(urlOf(port, name), ["create extension citus"]);
    }),
  );
  const [coordinator = 0, ...workers] = ports;
  const url = urlOf(coordinator, name);
  await run(url, [
    `select citus_set_coordinator_host('127.0.0.1', ${coordinator})`,
    ...workers.map((port) => `select citus_add_node('127.0.0.1', ${port})`),
  ]);
  return url;
}

export async function dropCitusDatabase(ports: readonly number[], name: string): Promise<void> {
  for (const port of ports) await run(urlOf(port, "postgres"), [`drop database ${name} with (force)`]);
}

async function run(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
