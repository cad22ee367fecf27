const NEWLINE = 0x0a;
const QUOTE = 0x22;

/** Counts the entries of an export while its bytes come: the lines of NDJSON, and of CSV (RFC 4180) the rows, in whose quotes lines may end too. */
export class EntryCounter {
  private isQuoted = false;
  private lines = 0;

  constructor(private readonly format: "csv" | "ndjson") {}

  /** Without the names of the columns. */
  get entries(): number {
    return this.format === "csv" ? Math.max(0, this.lines - 1) : this.lines;
  }

  /** @param bytes the next ones, cut anywhere */
  add(bytes: Uint8Array): void {
    const isCsv = this.format === "csv";
    for (const byte of bytes) {
      // A quote within quotes stands twice.
      if (isCsv && byte === QUOTE) this.isQuoted = !this.isQuoted;
      else if (byte === NEWLINE && !this.isQuoted) this.lines++;
    }
  }
}
