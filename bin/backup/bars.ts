import cliProgress from "cli-progress";
import type { BackupProgress } from "@/core/backup/progress";

const MIB = 1024 * 1024;

/** What people see of a backup or a restore, on standard error: a bar on a terminal, else a line every few seconds. */
export class Bars implements BackupProgress {
  private bar: cliProgress.SingleBar | null = null;
  private what = "";

  segments(done: number, of: number, bytes: number): void {
    this.show("segments", done, of, `${(bytes / MIB).toFixed(1)} MiB`);
  }

  tables(done: number, of: number, name: string): void {
    this.show("tables", done, of, name);
  }

  files(done: number, of: number): void {
    this.show("files", done, of, "");
  }

  /** Without it the bar would keep the process alive. */
  end(): void {
    this.bar?.stop();
    this.bar = null;
  }

  private show(what: string, done: number, of: number, detail: string): void {
    if (!this.bar || what !== this.what) {
      this.end();
      this.what = what;
      this.bar = new cliProgress.SingleBar({
        format: `${what.padEnd(8)} {bar} {value}/{total} {detail}`,
        noTTYOutput: true,
        notTTYSchedule: 5_000,
      });
      this.bar.start(of, done, { detail });
    }
    this.bar.update(done, { detail });
    if (done === of) this.end();
  }
}
