import { HEAD_CHARACTERS, readLinePrefix } from "@/core/ingest/recognise/line-prefix";
import { withoutAnsi } from "@/core/ingest/recognise/without-ansi";
import { LIMITS } from "@/core/limits";
import type { EntrySink } from "./decoder";
import { JsonScanner } from "./json-scanner";
import { LineDecoder } from "./line-decoder";
import { TraceLines } from "./trace-lines";

/**
 * Plain text: an entry a line, with the lines of a stack trace in the entry that they belong to. The time and the level with
 * which a line begins are read; the message is the line as it was sent, so that who looks for it finds it. What is a JSON
 * object, over one line or several, is an entry as everywhere.
 */
export class TextLinesDecoder extends LineDecoder {
  private readonly traces = new TraceLines();
  /** Of the entry that has begun. */
  private lines: string[] = [];
  private bytes = 0;
  private beginning: { timestamp?: string; level?: string } = {};

  /** @param nowMs for times without a year */
  constructor(
    sink: EntrySink,
    private readonly nowMs: number,
  ) {
    super(sink);
  }

  protected override line(source: Buffer, from: number, end: number): void {
    const line = source.toString("utf8", from, end).trimEnd();
    const bytes = end - from + 1;
    if (line === "") {
      // Traces have blank lines within; at the end of an entry they are nothing.
      if (this.lines.length > 0) this.add(line, bytes);
      return;
    }
    const head = withoutAnsi(line.slice(0, HEAD_CHARACTERS));
    const { isStart, ...beginning } = readLinePrefix(head.trimStart(), this.nowMs);
    const start = { timestamp: beginning.timestamp, isStart };
    if (this.lines.length > 0 && this.traces.goesOn(head, start) && this.bytes + bytes <= LIMITS.messageBytes) {
      this.add(line, bytes);
      return;
    }
    this.endEntry();
    this.traces.begin(head, start);
    this.beginning = beginning;
    this.add(line, bytes);
  }

  protected override rejected(reason: string): void {
    this.endEntry();
    super.rejected(reason);
  }

  override finish(): void {
    super.finish();
    this.endEntry();
  }

  private add(line: string, bytes: number): void {
    this.lines.push(line);
    this.bytes += bytes;
  }

  private endEntry(): void {
    if (this.lines.length === 0) return;
    const [first = ""] = this.lines;
    const message = this.lines.length === 1 ? first : this.lines.join("\n").trimEnd();
    const entry = Buffer.from(isObject(message) ? message.trim() : JSON.stringify({ ...this.beginning, message }));
    this.lines = [];
    this.bytes = 0;
    this.sink.entry(entry, 0, entry.length);
  }
}

/** Whether it is a JSON object with members. */
function isObject(message: string): boolean {
  if (!message.endsWith("}")) return false;
  const text = message.trim();
  if (!text.startsWith("{") || /^\{\s*\}$/.test(text)) return false;
  const bytes = Buffer.from(text);
  const scanner = new JsonScanner();
  scanner.reset(bytes, bytes.length);
  return scanner.scanValue(0, 0) === bytes.length;
}
