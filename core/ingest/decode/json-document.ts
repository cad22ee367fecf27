import { isUtf8 } from "node:buffer";
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, NEWLINE, OPEN_BRACE, OPEN_BRACKET } from "@/core/ascii";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Decoder, EntrySink } from "./decoder";
import { JsonScanner } from "./json-scanner";
import { NdjsonDecoder } from "./ndjson";
import { Places } from "./places";

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

type State = "start" | "firstElement" | "element" | "afterElement" | "firstMember" | "member" | "afterMember" | "end";

/** Members of the object around the array, other than the array itself, as JSON text by name. */
export type WrapperMembers = Map<string, string>;

/**
 * A JSON document that is one entry, entries one after the other with or without white space between (Fluent Bit's `json_stream`), an array of
 * entries, or an object with the array as its member, `logs`, or another one. Elements are handed on as soon as their last byte is there, so
 * the document is never held whole. A body whose first line is an entry, or only lacks something to be one, is lines, whatever its sender calls
 * it, once a line comes that is none.
 */
export class JsonDocumentDecoder implements Decoder {
  private readonly scanner = new JsonScanner();
  /** Of the entry that was scanned last. */
  private readonly places = new Places();
  private buffer: Buffer = Buffer.alloc(0);
  /** Of all of it, so that mostly no entry needs to be looked at by itself. */
  private isUtf8 = true;
  private at = 0;
  /** Of the body, before `buffer`: for positions in messages. */
  private consumed = 0;
  private state: State = "start";
  private final = false;
  private inWrapper = false;
  private logsSeen = false;
  /** The document is entries one after the other, mostly one. */
  private isSingle = false;
  /** Takes the rest of a body that turned out to be lines. */
  private lines: NdjsonDecoder | null = null;
  readonly wrapper: WrapperMembers = new Map();

  /**
   * @param arrayName of the member that is the array of an object around it
   * @param loneArrayName of another one, which is that only where it is the one member of its object; null for none
   */
  constructor(
    private readonly sink: EntrySink,
    private arrayName = "logs",
    private readonly loneArrayName: string | null = null,
  ) {}

  get isWrapper(): boolean {
    return this.inWrapper;
  }

  push(chunk: Buffer): void {
    if (this.lines) {
      this.lines.push(chunk);
      return;
    }
    const rest = this.buffer.subarray(this.at);
    // While the outer object is open its beginning is kept: it may turn out to be an entry.
    this.consumed += this.at;
    this.buffer = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    this.isUtf8 = isUtf8(this.buffer);
    this.at = 0;
    while (this.step());
    if (this.lines) return;
    if (this.buffer.length - this.at > LIMITS.entryBytes) {
      const next = this.skip(this.at);
      if (this.isAtLine(next)) {
        this.goOnAsLines(next);
        return;
      }
      throw invalid(`an entry must be at most ${LIMITS.entryBytes} bytes (at byte ${this.consumed + this.at + 1})`);
    }
  }

  finish(): void {
    this.final = true;
    while (this.step());
    if (this.lines) {
      this.lines.finish();
      return;
    }
    if (this.state === "start" && this.skip(this.at) === this.buffer.length)
      throw invalid(`the body is empty: send an entry, an array of entries or {"${this.arrayName}": [...]}`);
    if (this.state !== "end") throw this.broken("the text ends before the document does", this.buffer.length);
    if (this.skip(this.at) < this.buffer.length) throw this.broken("text after the document", this.skip(this.at));
  }

  private skip(from: number): number {
    this.scanner.reset(this.buffer, this.buffer.length);
    return this.scanner.skipSpace(from);
  }

  private broken(reason: string, at: number): Error {
    return invalid(`the body is not JSON: ${reason} at byte ${this.consumed + at + 1}`);
  }

  /** Goes one step on; false when that needs more bytes. */
  private step(): boolean {
    const at = this.skip(this.at);
    const byte = this.buffer[at];
    if (byte === undefined) return false;
    switch (this.state) {
      case "start":
        return this.start(at, byte);
      case "firstElement":
        if (byte === CLOSE_BRACKET) return this.endArray(at);
        return this.element(at);
      case "element":
        return this.element(at);
      case "afterElement":
        if (byte === CLOSE_BRACKET) return this.endArray(at);
        if (byte !== COMMA) throw this.broken('a "," or "]" is missing', at);
        return this.go("element", at + 1);
      case "firstMember":
        if (byte === CLOSE_BRACE) return this.go("end", at + 1);
        return this.member(at);
      case "member":
        return this.member(at);
      case "afterMember":
        if (byte === CLOSE_BRACE) return this.go("end", at + 1);
        if (byte !== COMMA) throw this.broken('a "," or "}" is missing', at);
        return this.go("member", at + 1);
      case "end":
        if (!this.isSingle) return false;
        if (byte === OPEN_BRACE) return this.single(at);
        return this.isAtLine(at) && this.goOnAsLines(at);
    }
  }

  /** Whether a line ends between the last entry and what stands at `at`. */
  private isAtLine(at: number): boolean {
    return this.isSingle && this.buffer.subarray(this.at, at).includes(NEWLINE);
  }

  /** @returns false: no step of the document comes after it */
  private goOnAsLines(from: number): false {
    this.lines = new NdjsonDecoder(this.sink);
    this.lines.push(this.buffer.subarray(from));
    this.at = this.buffer.length;
    return false;
  }

  private go(state: State, at: number): boolean {
    this.state = state;
    this.at = at;
    return true;
  }

  private endArray(at: number): boolean {
    return this.go(this.inWrapper ? "afterMember" : "end", at + 1);
  }

  private start(from: number, first: number): boolean {
    let at = from;
    if (this.consumed === 0 && first === BYTE_ORDER_MARK[0]) {
      const beginning = this.buffer.subarray(at, at + BYTE_ORDER_MARK.length);
      if (beginning.equals(BYTE_ORDER_MARK)) at = this.skip(at + BYTE_ORDER_MARK.length);
      else if (beginning.length < BYTE_ORDER_MARK.length && !this.final) return false;
    }
    const byte = this.buffer[at];
    if (byte === undefined) return false;
    if (byte === OPEN_BRACKET) return this.go("firstElement", at + 1);
    if (byte === OPEN_BRACE) return this.outerObject(at);
    const end = this.scanner.scanValue(at, 0);
    // What goes on in the next chunk may be another value, or none.
    if (!this.final && (end < 0 ? this.scanner.incomplete : end === this.buffer.length)) return false;
    if (end >= 0)
      throw invalid(`the body must be an entry, an array of entries or an object with the member ${this.arrayName}`);
    throw this.broken(this.scanner.reason, this.scanner.reasonAt);
  }

  /** Looks whether the object has an array as `logs` and so is a wrapper; an object without is an entry. */
  private outerObject(from: number): boolean {
    const { scanner, buffer } = this;
    let at = this.skip(from + 1);
    while (buffer[at] === 0x22) {
      const name = scanner.scanString(at);
      const value = name < 0 ? -1 : scanner.scanMemberKey(at);
      if (value < 0) return this.needMore();
      if (buffer[value] === undefined && !this.final) return false;
      if (buffer[value] === OPEN_BRACKET && buffer.toString("utf8", at, name) === `"${this.arrayName}"`) {
        this.inWrapper = true;
        return this.go("firstMember", from + 1);
      }
      const isFirst = at === this.skip(from + 1);
      if (isFirst && buffer.toString("utf8", at, name) === `"${this.loneArrayName}"`) {
        const isLone = this.isLoneArray(from, value);
        if (isLone === null) return false;
        if (isLone && this.loneArrayName !== null) {
          this.arrayName = this.loneArrayName;
          this.inWrapper = true;
          return this.go("firstMember", from + 1);
        }
      }
      const end = scanner.scanValue(value, 1);
      if (end < 0) return this.needMore();
      at = scanner.skipSpace(end);
      if (buffer[at] !== COMMA) break;
      at = scanner.skipSpace(at + 1);
    }
    if (buffer[at] === undefined && !this.final) return false;
    return this.single(from);
  }

  /**
   * Whether the value is an array of objects with nothing behind it in its own object.
   * @returns null when that needs more bytes
   */
  private isLoneArray(from: number, value: number): boolean | null {
    const { scanner, buffer } = this;
    const element = this.skip(value + 1);
    if (buffer[value] !== OPEN_BRACKET || (buffer[element] !== OPEN_BRACE && element < buffer.length)) return false;
    // As one entry it would be too long.
    if (buffer.length - from > LIMITS.entryBytes) return true;
    const end = scanner.scanValue(value, 1);
    if (end < 0) return scanner.incomplete && !this.final ? null : false;
    const next = scanner.skipSpace(end);
    return next < buffer.length || this.final ? buffer[next] === CLOSE_BRACE : null;
  }

  private single(from: number): boolean {
    const end = this.scanner.scanMembers(from, this.places);
    if (end < 0) return this.needMore();
    this.hand(from, end);
    this.isSingle = true;
    return this.go("end", end);
  }

  /** After a failed scan: waits for more bytes if they could help, else the document is broken. */
  private needMore(): boolean {
    const { incomplete, reason, reasonAt } = this.scanner;
    if (incomplete && !this.final) return false;
    const next = this.skip(this.at);
    if (this.isAtLine(next)) return this.goOnAsLines(next);
    if (this.state === "start") {
      const newline = this.buffer.indexOf(NEWLINE, this.skip(this.at));
      const next = newline < 0 ? this.buffer.length : this.skip(newline + 1);
      if (next === this.buffer.length && !this.final) return false;
      if (reasonAt <= next && this.buffer[next] === OPEN_BRACE) return this.goOnAsLines(this.at);
    }
    throw this.broken(reason || "the text ends before the document does", reasonAt);
  }

  private member(from: number): boolean {
    const { scanner, buffer } = this;
    const nameEnd = buffer[from] === 0x22 ? scanner.scanString(from) : 0;
    const value = nameEnd < 0 ? -1 : scanner.scanMemberKey(from);
    if (value < 0) return this.needMore();
    if (buffer[value] === undefined) return false;
    const name = buffer.toString("utf8", from, nameEnd);
    if (name === `"${this.arrayName}"` && buffer[value] === OPEN_BRACKET) {
      if (this.logsSeen) throw this.broken(`the member "${this.arrayName}" stands twice`, from);
      this.logsSeen = true;
      return this.go("firstElement", value + 1);
    }
    const end = scanner.scanValue(value, 1);
    if (end < 0) return this.needMore();
    if (end === buffer.length && !this.final) return false;
    this.wrapper.set(name, buffer.toString("utf8", value, end));
    return this.go("afterMember", end);
  }

  private element(from: number): boolean {
    const end = this.scanner.scanMembers(from, this.places);
    if (end < 0) return this.needMore();
    // A number may go on in the next chunk.
    if (end === this.buffer.length && !this.final) return false;
    this.hand(from, end);
    return this.go("afterElement", end);
  }

  private hand(from: number, end: number): void {
    if (end - from > LIMITS.entryBytes) this.sink.rejected(`an entry must be at most ${LIMITS.entryBytes} bytes`);
    else if (!this.isUtf8 && !isUtf8(this.buffer.subarray(from, end))) this.sink.rejected("not valid UTF-8");
    else if (this.buffer[from] !== OPEN_BRACE || this.scanner.unstorable !== "")
      this.sink.entry(this.buffer, from, end);
    else this.sink.entry(this.buffer, from, end, this.places);
  }
}
