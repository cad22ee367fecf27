import cliProgress from "cli-progress";
import type { IngestAnswer } from "@/core/ingest/idempotency";
import { nounFor } from "@/core/noun";

const MIB = 1024 * 1024;

/** Rejections of which the reason is told; the others are counted. */
const MOST_TOLD = 5;

/** What people see while it is sent, on standard error. */
export class Progress {
  private bar: cliProgress.SingleBar | null = null;
  private files: number | null = null;
  private bytes = 0;
  accepted = 0;
  rejected = 0;
  private told = 0;

  /** @param files bytes on disk that there are to send; null when nobody knows how many it will be, and there is no bar */
  begin(files: number | null): void {
    this.files = files;
  }

  /** @param bytes on disk that were sent */
  stored(log: string, { accepted, rejected, errors }: IngestAnswer, bytes: number): void {
    this.accepted += accepted;
    this.rejected += rejected;
    this.bytes += bytes;
    for (const { error } of errors.slice(0, Math.max(0, MOST_TOLD - this.told))) this.say(`${log}: rejected: ${error}`);
    this.told += errors.length;
    if (this.files === null) return;
    // What is written meanwhile is sent too.
    this.files = Math.max(this.files, this.bytes);
    if (!this.bar) {
      this.bar = newBar();
      this.bar.start(this.files, this.bytes, this.payload());
    }
    this.bar.setTotal(this.files);
    this.bar.update(this.bytes, this.payload());
  }

  /** A line, above the bar. */
  say(what: string): void {
    const { isTTY } = process.stderr;
    process.stderr.write(isTTY && this.bar ? `\r\u001b[K${what}\n` : `${what}\n`);
    if (isTTY) this.bar?.update(this.bytes, this.payload());
  }

  /** Without it the bar would keep the process alive. */
  end(): void {
    this.bar?.stop();
    this.bar = null;
  }

  /** @param logs how many were sent */
  summary(logs: number, url: string): string {
    const { accepted, rejected } = this;
    const refused = rejected > 0 ? `, ${rejected} rejected` : "";
    const of = logs > 1 ? ` of ${logs} logs` : "";
    return `${accepted} ${nounFor(accepted, "entry", "entries")}${of} sent${refused}: look at ${url}`;
  }

  private payload() {
    const { accepted, rejected, bytes, files } = this;
    return { accepted, rejected, done: inMib(bytes), whole: inMib(files ?? 0) };
  }
}

const inMib = (bytes: number): string => (bytes / MIB).toFixed(1);

const newBar = () =>
  new cliProgress.SingleBar({
    format: "{bar} {percentage}% | {done}/{whole} MiB | {accepted} entries sent | {rejected} rejected",
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
