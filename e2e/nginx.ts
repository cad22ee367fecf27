import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "@/core/testing/free-port";
import { programOfDebian } from "./debian";
import { expect } from "./test";

/** docs/scaling.md has the configuration. */
const CONFIGURATION = /```nginx\n([\s\S]+?)```/;

/** nginx before some instances, as the documentation configures it. */
export class Nginx {
  private readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-nginx-"));
  private child: ChildProcess | undefined;
  url = "";

  /** @returns false where nginx can't be had, which is said on standard error */
  async start(ports: readonly number[]): Promise<boolean> {
    const program = programOfDebian("nginx", ["nginx-light"]);
    if (program === null) return false;
    const port = await freePort();
    const documented = CONFIGURATION.exec(readFileSync("docs/scaling.md", "utf8"))?.[1] ?? "";
    const instances = ports.map((one) => `  server 127.0.0.1:${one} max_fails=0;\n`).join("");
    const sites = documented
      .replace(/( +server 10\.[\d.]+:\d+ max_fails=0;\n)+/, instances)
      .replace("listen 80;", `listen 127.0.0.1:${port};`);
    // Its workers are another user than root.
    chmodSync(this.folder, 0o755);
    const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    const temporary = kinds.map((kind) => `  ${kind}_temp_path ${this.folder}/${kind};`);
    const file = path.join(this.folder, "nginx.conf");
    writeFileSync(
      file,
      `daemon off;
pid ${this.folder}/nginx.pid;
worker_processes 1;
error_log ${this.folder}/error.log warn;
events { worker_connections 2048; }
http {
  access_log off;
${temporary.join("\n")}
${sites}
}
`,
    );
    this.child = spawn(program, ["-c", file, "-e", `${this.folder}/error.log`], { stdio: "ignore" });
    this.url = `http://127.0.0.1:${port}`;
    const answers = () =>
      fetch(this.url).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 30_000, intervals: [50] }).toBe(true);
    return true;
  }

  async remove(): Promise<void> {
    if (this.child?.exitCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
