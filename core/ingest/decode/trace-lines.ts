/** How lines begin that go on with what the one before says. */
const GOES_ON = new RegExp(
  `^(?:${[
    "Caused by:", // Java
    "Suppressed:", // Java
    "at ", // Java, JavaScript, .NET
    "\\.\\.\\. \\d+ ", // Java: `... 12 more`
    "Traceback \\(most recent call last\\)", // Python
    "During handling of the above exception", // Python
    "The above exception was the direct cause", // Python
    "#\\d+ ", // PHP
    "\\[stacktrace\\]", // Laravel
    "Stack trace:", // PHP
    "stack backtrace:", // Rust
    "note: run with `RUST_BACKTRACE", // Rust
    "--- End of ", // .NET
    "goroutine \\d+ \\[", // Go
    "\\[signal ", // Go
    "created by ", // Go
    "exit status \\d+$", // Go
    "[}\\])]+[;,]?$", // what closes an object that was printed over several lines
  ].join("|")})`,
);
const INDENTED = /^\s/;
const TRACEBACK = /^Traceback \(most/;
const GOROUTINE = /^goroutine \d+ \[/;
/** A frame of Go: `main.main()`, with its file on the next line. */
const GO_FRAME = /^[\w./*()[\]{}·…-]+\([^()]*\)$/;
/** Java prints what was thrown on a line of its own below what was logged. */
const THROWN = /^(?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable)\b/;

/** How a line begins: whether with the time or level of an entry. */
type Beginning = { timestamp?: string; isStart: boolean };

/** Tells which lines of a text belong to the entry before: those of stack traces, as the languages print them. */
export class TraceLines {
  /** Of the entry: one so far, and it began as entries do. */
  private isLogged = false;
  private inTraceback = false;
  private inGoroutine = false;

  /** Another entry begins with this line. */
  begin(line: string, { isStart }: Beginning): void {
    this.isLogged = isStart;
    this.inTraceback = TRACEBACK.test(line);
    this.inGoroutine = GOROUTINE.test(line);
  }

  /** Whether the line belongs to the entry that has begun. */
  goesOn(line: string, beginning: Beginning): boolean {
    const goesOn = this.belongs(line, beginning);
    this.isLogged = false;
    if (TRACEBACK.test(line)) this.inTraceback = true;
    else if (!INDENTED.test(line)) this.inTraceback = false;
    if (GOROUTINE.test(line)) this.inGoroutine = true;
    return goesOn;
  }

  private belongs(line: string, { timestamp, isStart }: Beginning): boolean {
    if (INDENTED.test(line)) return timestamp === undefined;
    if (isStart) return false;
    if (GOES_ON.test(line) || (this.isLogged && THROWN.test(line))) return true;
    // Below a traceback stands what was raised.
    return this.inTraceback || (this.inGoroutine && GO_FRAME.test(line));
  }
}
