import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/core/testing/free-port";
import { OWN_NDJSON, type Target } from "./send-bodies";

const READY_WITHIN_MS = 30_000;
/** After it was told to put its parts together. */
export const SETTLE_MS = 5_000;

/** Where VictoriaLogs takes lines as Cordwood does. */
export const VICTORIA_NDJSON: Target = {
  ...OWN_NDJSON,
  path: "/insert/jsonline?_stream_fields=service&_time_field=timestamp&_msg_field=message",
};

/** VictoriaLogs on a folder of its own, to be measured beside Cordwood. */
export class VictoriaLogs {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-peer-"));
  private child: ChildProcess | undefined;
  url = "";

  /** @throws Error when it isn't ready in time */
  async start(program: string): Promise<void> {
    const address = `127.0.0.1:${await freePort()}`;
    this.url = `http://${address}`;
    const settings = [`-storageDataPath=${this.folder}`, `-httpListenAddr=${address}`, "-retentionPeriod=30d"];
    this.child = spawn(path.resolve(program), settings, { stdio: "ignore" });
    const until = Date.now() + READY_WITHIN_MS;
    while (
      !(await fetch(`${this.url}/health`).then(
        (answer) => answer.ok,
        () => false,
      ))
    ) {
      if (Date.now() > until || this.child.exitCode !== null) throw new Error(`${program} did not start`);
      await sleep(100);
    }
  }

  get processId(): number {
    return this.child?.pid ?? -1;
  }

  /** Makes everything that was sent searchable, and puts its parts together. */
  async settle(): Promise<void> {
    await fetch(`${this.url}/internal/force_flush`);
    await fetch(`${this.url}/internal/force_merge`);
    await sleep(SETTLE_MS);
  }

  bytes(): number {
    const files = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
  }

  /**
   * @param logsQl a query in its language
   * @returns how many lines or groups it gave
   */
  async ask(logsQl: string, from: Date, to: Date, limit?: number): Promise<number> {
    const body = new URLSearchParams({ query: logsQl, start: from.toISOString(), end: to.toISOString() });
    if (limit !== undefined) body.set("limit", String(limit));
    const answer = await fetch(`${this.url}/select/logsql/query`, { method: "POST", body });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`VictoriaLogs answered ${answer.status}: ${text.slice(0, 300)}`);
    return text.split("\n").filter(Boolean).length;
  }

  async remove(): Promise<void> {
    if (this.child?.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill();
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
