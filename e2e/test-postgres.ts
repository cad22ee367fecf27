import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { endChild } from "@/core/testing/end-child";
import { freePort } from "@/core/testing/free-port";
import { takesConnections } from "@/core/testing/takes-connections";
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
    await expect.poll(() => takesConnections(this.url), { timeout: 60_000, intervals: [50] }).toBe(true);
  }

  /** At once, as a crash would (SIGQUIT), or in order, breaking off connections (SIGINT). */
  async end(signal: "SIGQUIT" | "SIGINT"): Promise<void> {
    await endChild(this.child, signal);
  }

  async remove(): Promise<void> {
    await this.end("SIGINT");
    removeDataFolder(this.folder);
  }
}
