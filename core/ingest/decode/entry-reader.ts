import { JsonScanner } from "./json-scanner";

/** Where a value stands in the source; `from` is -1 for a member that is absent or null. */
export type Slice = { from: number; end: number; escaped: boolean };

const absent = (): Slice => ({ from: -1, end: -1, escaped: false });

const MEMBERS = [
  "timestamp",
  "level",
  "message",
  "service",
  "service_name",
  "tags",
  "attributes",
  "context",
  "metadata",
] as const;
type Member = (typeof MEMBERS)[number];

const MEMBER_NAMES = MEMBERS.map((name) => Buffer.from(name));
const NULL_LENGTH = 4;

/**
 * Reads one entry of the wire format (design section 6) into the places of its members. One instance serves a whole
 * request: it is filled anew for each entry, so nothing is allocated.
 */
export class EntryReader {
  readonly scanner = new JsonScanner();
  source: Buffer = Buffer.alloc(0);
  readonly members: Record<Member, Slice> = {
    timestamp: absent(),
    level: absent(),
    message: absent(),
    service: absent(),
    service_name: absent(),
    tags: absent(),
    attributes: absent(),
    context: absent(),
    metadata: absent(),
  };
  /** The same slices in the order of MEMBERS: found by number, because this runs for each member of each entry. */
  private readonly slices = MEMBERS.map((name) => this.members[name]);
  /** Members that the format doesn't name: `"name": value` as it stands, pairs of from and end. */
  readonly others: number[] = [];

  /**
   * @returns null when it could be read, else the reason why not
   */
  read(source: Buffer, from: number, end: number): string | null {
    const { scanner, others } = this;
    this.source = source;
    scanner.reset(source, end);
    others.length = 0;
    for (let index = 0; index < MEMBERS.length; index++) (this.slices[index] as Slice).from = -1;

    let at = scanner.skipSpace(from);
    if (source[at] !== 0x7b || at >= end)
      return this.isJson(at) ? "an entry must be a JSON object" : this.notJson(from);
    at = scanner.skipSpace(at + 1);
    if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from);
    for (;;) {
      const valueAt = scanner.scanMemberKey(at);
      if (valueAt < 0) return this.notJson(from);
      const member = this.memberAt(at);
      const valueEnd = scanner.scanValue(valueAt, 1);
      if (valueEnd < 0) return this.notJson(from);
      if (member >= 0) this.place(member, valueAt, valueEnd);
      else others.push(at, valueEnd);
      at = scanner.skipSpace(valueEnd);
      if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from);
      if (source[at] !== 0x2c || at >= end)
        return this.notJson(from, at >= end ? "an object is not closed" : 'a "," or "}" is missing', at);
      at = scanner.skipSpace(at + 1);
    }
  }

  private place(member: number, from: number, end: number): void {
    const slice = this.slices[member] as Slice;
    const isNull = end - from === NULL_LENGTH && this.source[from] === 0x6e;
    slice.from = isNull ? -1 : from;
    slice.end = end;
    slice.escaped = this.source[from] === 0x22 && this.scanner.escaped;
  }

  private isJson(at: number): boolean {
    const end = this.scanner.scanValue(at, 0);
    return end >= 0 && this.scanner.skipSpace(end) === this.scanner.end;
  }

  private atEnd(at: number, from: number): string | null {
    const rest = this.scanner.skipSpace(at);
    return rest === this.scanner.end ? null : this.notJson(from, "text after the entry", rest);
  }

  private notJson(from: number, reason = this.scanner.reason, at = this.scanner.reasonAt): string {
    return `not JSON: ${reason} at byte ${Math.min(at, this.scanner.end) - from + 1}`;
  }

  /** Which of MEMBERS the name is whose opening quote stands at `at`; -1 for none. */
  private memberAt(at: number): number {
    const { source } = this;
    const from = at + 1;
    if (this.scanner.escaped) return this.escapedMember(at);
    for (let index = 0; index < MEMBERS.length; index++) {
      const name = MEMBER_NAMES[index] as Buffer;
      if (source[from] !== name[0] || source[from + name.length] !== 0x22) continue;
      let matched = 1;
      while (matched < name.length && source[from + matched] === name[matched]) matched++;
      if (matched === name.length) return index;
    }
    return -1;
  }

  private escapedMember(at: number): number {
    const scanner = new JsonScanner();
    scanner.reset(this.source, this.scanner.end);
    const end = scanner.scanString(at);
    const name = JSON.stringify(JSON.parse(this.source.toString("utf8", at, end)));
    return MEMBERS.findIndex((member) => JSON.stringify(member) === name);
  }

  /** The text of a string value. The slice must be a string. */
  text(slice: Slice): string {
    if (!slice.escaped) return this.source.toString("utf8", slice.from + 1, slice.end - 1);
    const value: unknown = JSON.parse(this.source.toString("utf8", slice.from, slice.end));
    return String(value);
  }

  isString(slice: Slice): boolean {
    return this.source[slice.from] === 0x22;
  }

  isObject(slice: Slice): boolean {
    return this.source[slice.from] === 0x7b;
  }

  /** The value of a slice, for the few that are worth building. */
  value(slice: Slice): unknown {
    return JSON.parse(this.source.toString("utf8", slice.from, slice.end));
  }
}
