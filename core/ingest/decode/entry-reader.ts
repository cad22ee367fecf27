import {
  findName,
  HINT,
  KIND,
  KIND_OF,
  type KnownName,
  MEMBERS,
  type Member,
  NESTED_NAMES,
} from "@/core/ingest/recognise/find-name";
import { type JsonMember, memberAmong, memberAt, memberFrom } from "./json-members";
import { JsonScanner } from "./json-scanner";

/** Where a value stands in the source, after its name; `from` is -1 for a member that is absent or null. */
export type Slice = {
  /** Of a value that stands within another member: -1. */
  nameFrom: number;
  from: number;
  end: number;
  escaped: boolean;
  known: KnownName | null;
  /** In the order of names. */
  rank: number;
};

const absent = (): Slice => ({ nameFrom: -1, from: -1, end: -1, escaped: false, known: null, rank: 0 });

const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
/** The rank of a name that the sender says of a whole request. */
const SAID = -1;
/** Of bunyan's service and others' loggers. */
const LOGGER = findName(Buffer.from("name"), 0, 4);

/**
 * Reads one entry into the places of its members: those of the wire format (design section 6), or what other loggers
 * call them (recognise/names.ts). One instance serves a whole request: it is filled anew for each entry, so nothing is
 * allocated.
 */
export class EntryReader {
  readonly scanner = new JsonScanner();
  source: Buffer = Buffer.alloc(0);
  /** Where the entry begins, and ends; of what was opened, its inside. */
  from = 0;
  end = 0;
  readonly members: Record<Member, Slice> = {
    timestamp: absent(),
    level: absent(),
    message: absent(),
    service: absent(),
    tags: absent(),
    attributes: absent(),
    context: absent(),
    metadata: absent(),
  };
  /** The same slices in the order of MEMBERS: found by number, because this runs for each member of each entry. */
  private readonly slices = MEMBERS.map((name) => this.members[name]);
  /** What was read came out of another entry's message, so that names may stand twice. */
  isWrapped = false;
  /** Of the entries around it, from the inside, pairs of from and end; and the members that they were opened from. */
  private layers: number[] = [];
  private opened: number[] = [];
  /** Of HINT: what the names that were seen say. */
  private hints = 0;
  /** Members that are no longer looked for, by their bit. */
  private settled = 0;
  /** Members that the format doesn't name: `"name": value` as it stands, pairs of from and end. */
  readonly others: number[] = [];

  /**
   * @returns null when it could be read, else the reason why not
   */
  read(source: Buffer, from: number, end: number): string | null {
    this.source = source;
    this.from = from;
    this.end = end;
    this.others.length = 0;
    this.settled = 0;
    this.isWrapped = false;
    for (const slice of this.slices) slice.from = -1;
    return this.readObject(from, end);
  }

  /**
   * Reads an entry that was wrapped as text into the message of the entry read last: its members count first, and those of
   * the outer one fill what it leaves, or are members like any other. Nothing is left out but the text itself.
   * @param inner the JSON text of an object, which was found to be good
   */
  readWrapped(inner: Buffer): void {
    const { source, from, end, members } = this;
    const layers = [from, end, ...(this.isWrapped ? this.layers : [])];
    const opened = [...(this.isWrapped ? this.opened : []), members.message.nameFrom];
    const shift = inner.length - from;
    const outer = source.subarray(from, layers.at(-1));
    this.read(Buffer.concat([inner, outer]), 0, inner.length);
    this.isWrapped = true;
    this.layers = layers.map((at) => at + shift);
    this.opened = opened.filter((at) => at >= 0).map((at) => at + shift);
    for (let layer = 0; layer < this.layers.length; layer += 2) {
      this.settled = 1 << MEMBERS.indexOf("message");
      for (const [member, slice] of this.slices.entries()) if (slice.from >= 0) this.settled |= 1 << member;
      this.readObject(this.layers[layer] as number, this.layers[layer + 1] as number);
    }
  }

  private readObject(from: number, end: number): string | null {
    const { scanner, source, others } = this;
    scanner.reset(source, end);
    this.hints = 0;
    let at = scanner.skipSpace(from);
    if (source[at] !== OPEN_OBJECT || at >= end)
      return this.isJson(at) ? "an entry must be a JSON object" : this.notJson(from);
    at = scanner.skipSpace(at + 1);
    if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from) ?? "an entry must not be empty";
    for (;;) {
      const valueAt = scanner.scanMemberKey(at);
      if (valueAt < 0) return this.notJson(from);
      const known = scanner.escaped ? this.escapedName(at) : findName(source, at + 1, scanner.nameEnd);
      const valueEnd = scanner.scanValue(valueAt, 1);
      if (valueEnd < 0) return this.notJson(from);
      if (this.isWrapped && this.opened.includes(at)) {
        // What it holds has been read.
      } else if (known !== null) this.place(known, at, valueAt, valueEnd);
      else others.push(at, valueEnd);
      at = scanner.skipSpace(valueEnd);
      if (source[at] === 0x7d && at < end) return this.atEnd(at + 1, from);
      if (source[at] !== 0x2c || at >= end)
        return this.notJson(from, at >= end ? "an object is not closed" : 'a "," or "}" is missing', at);
      at = scanner.skipSpace(at + 1);
    }
  }

  /** The first name of an order wins; what it beats, and what can't be that member, are members like any other. */
  private place(known: KnownName, nameFrom: number, from: number, end: number): void {
    const kind = KIND_OF[this.source[from] as number] as number;
    if ((known.kinds & kind) === 0 || ((this.settled >>> known.member) & 1) === 1) {
      this.hints |= known.hints;
      this.others.push(nameFrom, end);
      return;
    }
    if (kind === KIND.null) return;
    const slice = this.slices[known.member] as Slice;
    if (slice.from >= 0) {
      if (slice.rank < known.rank) {
        this.others.push(nameFrom, end);
        return;
      }
      this.others.push(slice.nameFrom, slice.end);
    }
    slice.nameFrom = nameFrom;
    slice.from = from;
    slice.end = end;
    slice.escaped = kind === KIND.text && this.scanner.escaped;
    slice.known = known;
    slice.rank = known.rank;
  }

  /** Members that stand a level deeper count in the same order; what holds them stays as it is. */
  private placeNested(): void {
    const holders = this.otherMembers();
    for (const { known, holder, path } of NESTED_NAMES) {
      const slice = this.slices[known.member] as Slice;
      if (((this.settled >>> known.member) & 1) === 1 || (slice.from >= 0 && slice.rank < known.rank)) continue;
      for (const { name, from, end } of holders) {
        const inner = name.toLowerCase() === holder ? memberAt(this.source, from, end, path) : null;
        if (!inner || this.source[inner.from] !== QUOTE) continue;
        this.put(slice, { ...inner, nameFrom: -1 }, known, known.rank);
        break;
      }
    }
  }

  /**
   * Takes the value at a path for a member, whatever the names say, because the sender says so. Null counts as absent.
   * A value that stands within another member stays there too.
   */
  take(member: Member, path: string): void {
    const { source, slices, others } = this;
    const named = slices.flatMap(({ nameFrom, from, end }) =>
      from >= 0 && nameFrom >= 0 ? [memberFrom(source, nameFrom, end)] : [],
    );
    const found = memberAmong(source, [...named, ...this.otherMembers()], path);
    if (!found || KIND_OF[source[found.from] as number] === KIND.null) return;
    const slice = this.members[member];
    const holder = slices.find(({ from }) => from === found.from);
    const other = others.indexOf(found.nameFrom);
    const isWhole = holder !== undefined || (other >= 0 && other % 2 === 0);
    if (holder) holder.from = -1;
    else if (isWhole) others.splice(other, 2);
    const known = findName(Buffer.from(found.name), 0, Buffer.byteLength(found.name));
    this.put(slice, isWhole ? found : { ...found, nameFrom: -1 }, known, SAID);
  }

  /** Puts another value in a member's place; the one that stood there becomes a member like any other. */
  private put(slice: Slice, value: Omit<JsonMember, "name">, known: KnownName | null, rank: number): void {
    if (slice.from >= 0) this.release(slice);
    slice.nameFrom = value.nameFrom;
    slice.from = value.from;
    slice.end = value.end;
    slice.escaped = value.escaped;
    slice.known = known;
    slice.rank = rank;
  }

  /** bunyan names the service `name`, others their logger: only bunyan always sends the host beside it. */
  private dropLoggerName(): void {
    const { service } = this.members;
    if ((this.hints & HINT.hostname) === 0) this.release(service);
  }

  /** Makes what stands in a member's place a member like any other. */
  release(slice: Slice): void {
    if (slice.nameFrom >= 0) this.others.push(slice.nameFrom, slice.end);
    slice.from = -1;
  }

  /** Those of `others`. */
  private otherMembers(): JsonMember[] {
    const { source, others } = this;
    const members: JsonMember[] = [];
    for (let at = 0; at < others.length; at += 2)
      members.push(memberFrom(source, others[at] ?? 0, others[at + 1] ?? 0));
    return members;
  }

  /** The JSON text of a member that is in `others`, by its name as it is written; undefined when there is none. */
  otherText(name: string): string | undefined {
    const found = this.otherMembers().find((other) => other.name === name);
    return found && this.source.toString("utf8", found.from, found.end);
  }

  /** The whole entry as it was sent, or what was opened. */
  get entryText(): string {
    return this.source.toString("utf8", this.from, this.end);
  }

  private isJson(at: number): boolean {
    const end = this.scanner.scanValue(at, 0);
    return end >= 0 && this.scanner.skipSpace(end) === this.scanner.end;
  }

  private atEnd(at: number, from: number): string | null {
    if ((this.hints & HINT.holds) !== 0) this.placeNested();
    const { service } = this.members;
    if (service.from >= from && service.known === LOGGER && service.rank >= 0) this.dropLoggerName();
    const rest = this.scanner.skipSpace(at);
    return rest === this.scanner.end ? null : this.notJson(from, "text after the entry", rest);
  }

  private notJson(from: number, reason = this.scanner.reason, at = this.scanner.reasonAt): string {
    return `not JSON: ${reason} at byte ${Math.min(at, this.scanner.end) - from + 1}`;
  }

  /** What is known of the name with escapes whose opening quote stands at `at`. */
  private escapedName(at: number): KnownName | null {
    const { source, scanner } = this;
    const name: unknown = JSON.parse(source.toString("utf8", at, scanner.nameEnd + 1));
    const bytes = Buffer.from(String(name));
    return findName(bytes, 0, bytes.length);
  }

  /** The text of a string value. The slice must be a string. */
  text(slice: Slice): string {
    if (!slice.escaped) return this.source.toString("utf8", slice.from + 1, slice.end - 1);
    const value: unknown = JSON.parse(this.source.toString("utf8", slice.from, slice.end));
    return String(value);
  }

  isString(slice: Slice): boolean {
    return this.source[slice.from] === QUOTE;
  }

  isObject(slice: Slice): boolean {
    return this.source[slice.from] === OPEN_OBJECT;
  }

  /** The value of a slice, for the few that are worth building. */
  value(slice: Slice): unknown {
    return JSON.parse(this.source.toString("utf8", slice.from, slice.end));
  }
}
