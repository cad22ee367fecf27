import { type ChildProcess, spawn } from "node:child_process";
import net from "node:net";
import { endChild } from "@/core/testing/end-child";
import { freePort } from "@/core/testing/free-port";
import { programOfDebian } from "./debian";
import { expect } from "./test";

/** Debian's Redis, which keeps nothing, at a port that it keeps when it is started again. */
export class TestRedis {
  private child: ChildProcess | undefined;
  private port = 0;

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** @returns false where it can't be had, which is said on standard error */
  async start(): Promise<boolean> {
    const program = programOfDebian("redis-server", ["redis-server"]);
    if (program === null) return false;
    if (this.port === 0) this.port = await freePort();
    const options = ["--port", String(this.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
    this.child = spawn(program, options, { cwd: "/", stdio: "ignore" });
    await expect.poll(() => this.answers(), { timeout: 30_000, intervals: [50] }).toBe(true);
    return true;
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = net.connect(this.port, "127.0.0.1", () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  }

  /** Keeps connections open and answers nothing. */
  pause(): void {
    this.child?.kill("SIGSTOP");
  }

  resume(): void {
    this.child?.kill("SIGCONT");
  }

  async end(): Promise<void> {
    await endChild(this.child, "SIGKILL");
  }
}
