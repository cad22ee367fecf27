import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "@/core/ascii";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import { JsonScanner } from "./json-scanner";
import type { Places } from "./places";

/**
 * Walks down a JSON document to what is looked for in it, and checks on its way all that it passes:
 *
 *     if (walker.enterObject()) while (walker.nextMember()) if (walker.isNamed(NAME)) ...; else walker.skip();
 *
 * What stands at `at` has to be entered or skipped before the next step. Every method throws an `invalid` Fault for what is no JSON.
 */
export class JsonWalker {
  readonly scanner = new JsonScanner();
  /** Of the value that comes next. */
  at = 0;
  private nameFrom = 0;
  private isNameEscaped = false;
  private isFirst = false;
  private depth = 0;

  constructor(readonly body: Buffer) {
    this.scanner.reset(body, body.length);
    this.at = this.scanner.skipSpace(0);
  }

  get byte(): number | undefined {
    return this.body[this.at];
  }

  get isText(): boolean {
    return this.body[this.at] === QUOTE;
  }

  /** @returns false for a value that is no object, which is passed over */
  enterObject(): boolean {
    return this.enter(OPEN_BRACE);
  }

  enterArray(): boolean {
    return this.enter(OPEN_BRACKET);
  }

  private enter(byte: number): boolean {
    if (this.body[this.at] !== byte) {
      this.skip();
      return false;
    }
    if (this.depth >= LIMITS.attributesDepth)
      throw this.malformed(`nested deeper than ${LIMITS.attributesDepth} levels`, this.at);
    this.depth++;
    this.at++;
    this.isFirst = true;
    return true;
  }

  /** Goes to the next member of the object that was entered last; at its end, out of it. @returns whether there is one */
  nextMember(): boolean {
    if (!this.next(CLOSE_BRACE)) return false;
    const { scanner } = this;
    this.nameFrom = this.at;
    this.at = this.checked(scanner.scanMemberKey(this.at));
    this.isNameEscaped = scanner.escaped;
    return true;
  }

  nextElement(): boolean {
    return this.next(CLOSE_BRACKET);
  }

  private next(close: number): boolean {
    const { scanner, body, isFirst } = this;
    this.isFirst = false;
    this.at = scanner.skipSpace(this.at);
    if (body[this.at] === close) {
      this.depth--;
      this.at++;
      return false;
    }
    if (isFirst) return true;
    if (body[this.at] !== COMMA) {
      const isCut = this.at >= body.length;
      throw this.malformed(isCut ? "the text ends too early" : `a "," or "${String.fromCharCode(close)}" is missing`);
    }
    this.at = scanner.skipSpace(this.at + 1);
    return true;
  }

  /** Whether the member that was gone to last is called so. @param name in UTF-8 */
  isNamed(name: Uint8Array): boolean {
    const { body, nameFrom } = this;
    const end = this.scanner.nameEnd;
    if (this.isNameEscaped)
      return Buffer.from(String(JSON.parse(body.toString("utf8", nameFrom, end + 1)))).equals(name);
    if (end - nameFrom - 1 !== name.length) return false;
    for (let at = 0; at < name.length; at++) if (body[nameFrom + 1 + at] !== name[at]) return false;
    return true;
  }

  /** Passes over a value. @returns where it begins */
  skip(): number {
    const from = this.at;
    this.at = this.checked(this.scanner.scanValue(from, this.depth));
    return from;
  }

  /** What a text or another value says that was passed over just now: of a text its characters, of null nothing. */
  textFrom(from: number): string {
    const { body } = this;
    if (body[from] !== QUOTE) {
      const written = body.toString("utf8", from, this.at);
      return written === "null" ? "" : written;
    }
    if (!this.scanner.escaped) return body.toString("utf8", from + 1, this.at - 1);
    return String(JSON.parse(body.toString("utf8", from, this.at)));
  }

  /** Passes over an object, whose members are noted. */
  skipMembers(places: Places): void {
    this.at = this.checked(this.scanner.scanMembers(this.at, places, this.depth));
  }

  /** Passes over an array, whose elements are noted. */
  skipElements(places: Places): void {
    this.at = this.checked(this.scanner.scanElements(this.at, places, this.depth));
  }

  /** Goes back to a value that was passed over, reads it again, and stands where it stood before. */
  revisit(from: number, read: () => void): void {
    const { at } = this;
    this.at = from;
    read();
    this.at = at;
  }

  /** What stands behind the document is none. */
  end(): void {
    const at = this.scanner.skipSpace(this.at);
    if (at < this.body.length) throw this.malformed("text after the document", at);
  }

  private checked(end: number): number {
    if (end < 0) throw this.malformed(this.scanner.reason, this.scanner.reasonAt);
    return end;
  }

  private malformed(reason: string, at = this.at): Error {
    return invalid(`not JSON: ${reason} at byte ${at + 1}`);
  }
}
