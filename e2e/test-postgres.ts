import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { type Cluster, prepareCluster, removeDataFolder } from "@/db/embedded/data-folder";
import { expect } from "./test";

/** A PostgreSQL that several servers share, at a port that it keeps, also when it was killed and is started again. */
export class TestPostgres {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-postgres-"));
  private cluster: Cluster | undefined;
  private child: ChildProcess | undefined;
  port = 0;

  get url(): string {
    return `postgres://cordwood:${this.cluster?.password}@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    this.cluster ??= await prepareCluster(this.folder);
    if (this.port === 0) this.port = await freePort();
    const { binaries, folder, user } = this.cluster;
    const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=100", "jit=off"];
    const options = ["-D", folder, "-p", String(this.port), ...settings.flatMap((setting) => ["-c", setting])];
    this.child = spawn(binaries.postgres, options, { ...user, cwd: "/", stdio: "ignore" });
    await expect.poll(() => this.answers(), { timeout: 60_000, intervals: [50] }).toBe(true);
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on("error", () => undefined);
    const isConnected = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    return isConnected;
  }

  /** At once, as a crash would (SIGQUIT), or in order, breaking off connections (SIGINT). */
  async end(signal: "SIGQUIT" | "SIGINT"): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.end("SIGINT");
    removeDataFolder(this.folder);
  }
}

/** That nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (!address || typeof address !== "object") throw new Error("no free port");
  return address.port;
}
