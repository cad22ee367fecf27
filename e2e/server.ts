import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { z } from "zod";
import { buildIfStale } from "@/bin/build";
import { endChild } from "@/core/testing/end-child";
import { removeDataFolder } from "@/db/embedded/data-folder";

const packageSchema = z.object({ scripts: z.object({ start: z.string() }) });

/** Node's arguments of `npm start`. */
const START = packageSchema
  .parse(JSON.parse(readFileSync("package.json", "utf8")))
  .scripts.start.split(" ")
  .slice(1);

/** What `npm start` builds before; once for all servers of a process. */
let built: Promise<void> | null = null;

const READY = /Cordwood is ready on (\S+)/;

/** A real server on the production build, as `npm start` runs it, with a data folder of its own. */
export class TestServer {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-e2e-"));
  private child: ChildProcess | undefined;
  /** Where it keeps what is sealed. */
  readonly segments = path.join(this.folder, "segments");
  url = "";
  output = "";

  /**
   * @param node the executable of Node.js that runs it
   * @param cores that it and its PostgreSQL may use, by taskset of util-linux; absent: all
   */
  constructor(
    private readonly node = process.execPath,
    private readonly cores?: number,
  ) {}

  /** @throws Error with what the server printed when it ends before it is ready */
  async start(environment: Record<string, string> = {}): Promise<void> {
    const code = await this.launch(environment);
    if (code !== "ready") throw new Error(`the server ended with code ${code}:\n${this.output}`);
  }

  /** Starts and waits until it is ready or has ended; returns the exit code in the second case. */
  async launch(environment: Record<string, string> = {}): Promise<"ready" | number | null> {
    built ??= buildIfStale((what) => process.stderr.write(`${what}\n`));
    await built;
    this.output = "";
    const { node, cores } = this;
    const [program, ...before] = cores === undefined ? [node] : ["taskset", "--cpu-list", `0-${cores - 1}`, node];
    const child = spawn(program ?? node, [...before, ...START], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: "0",
        DATABASE_URL: "",
        CORDWOOD_DATA_DIR: this.folder,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    return new Promise((resolve) => {
      const read = (chunk: Buffer) => {
        this.output += chunk.toString();
        const ready = READY.exec(this.output);
        if (ready?.[1]) {
          this.url = ready[1];
          resolve("ready");
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("close", (code) => resolve(code));
    });
  }

  /** @returns the exit code; null after a signal that ended the process at once */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
    await endChild(this.child, signal);
    return this.child?.exitCode ?? null;
  }

  /** @throws Error when the server was not started */
  get processId(): number {
    const id = this.child?.pid;
    if (id === undefined) throw new Error("the server is not running");
    return id;
  }

  private databaseFile(): string[] {
    return readFileSync(path.join(this.folder, "postgres/postmaster.pid"), "utf8").split("\n");
  }

  /** Of the embedded PostgreSQL, for looking at what is stored past the application. */
  databaseUrl(): string {
    const password = readFileSync(path.join(this.folder, "postgres-password"), "utf8").trim();
    return `postgres://cordwood:${password}@127.0.0.1:${this.databaseFile()[3]}/postgres`;
  }

  /** Ends PostgreSQL at once, as a crash would. */
  killDatabase(): void {
    process.kill(Number(this.databaseFile()[0]), "SIGKILL");
  }

  async remove(): Promise<void> {
    await this.end("SIGTERM");
    removeDataFolder(this.folder);
  }

  get = async (route: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${this.url}${route}`);
    return { status: response.status, body: await response.json() };
  };

  send = (body: string | Uint8Array, headers: Record<string, string> = {}, route = "/api/logs"): Promise<Response> =>
    fetch(`${this.url}${route}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : Buffer.from(body),
    });
}
