import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endChild } from "@/core/testing/end-child";

/** A real rsyslogd of its own, which takes what logger(1) writes to its socket. */
export class Rsyslog {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "cordwood-rsyslog-"));
  readonly socket = path.join(this.folder, "log");
  /** Where it writes what it takes too, each line with its time. */
  private readonly copy = path.join(this.folder, "copy");
  private child: ChildProcess | undefined;

  constructor(private readonly program: string) {}

  /** @param actions of its configuration: where it sends to */
  async start(actions: string): Promise<void> {
    const configuration = path.join(this.folder, "rsyslog.conf");
    writeFileSync(
      configuration,
      `global(workDirectory="${this.folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${this.socket}" usePIDFromSystem="off")
template(name="copy" type="string" string="%TIMESTAMP:::date-rfc3339%%msg%\\n")
action(type="omfile" file="${this.copy}" template="copy")
${actions}
`,
    );
    const pidFile = path.join(this.folder, "pid");
    this.child = spawn(this.program, ["-n", "-f", configuration, "-i", pidFile], { stdio: "ignore" });
    while (!existsSync(this.socket)) await sleep(20);
  }

  /** The time to the microsecond that it gave a message, null before it has. */
  timeOf(message: string): string | null {
    const lines = existsSync(this.copy) ? readFileSync(this.copy, "utf8").split("\n") : [];
    return lines.find((line) => line.endsWith(message))?.split(" ")[0] ?? null;
  }

  async remove(): Promise<void> {
    await endChild(this.child, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
