import { CLOSE_BRACE, COMMA, OPEN_BRACE } from "@/core/ascii";
import { findName, HINT, KIND, KIND_OF, type KnownName, MEMBERS } from "@/core/ingest/recognise/find-name";
import { readTimestamp } from "@/core/ingest/recognise/members";
import { readNumericTime } from "@/core/ingest/recognise/read-time";
import { EntryMembers, type Slice } from "./entry-members";
import { memberAt, memberFrom } from "./json-members";
import { JsonScanner } from "./json-scanner";
import type { Places } from "./places";

const EMPTY = "an entry must not be empty";
const TIMESTAMP = MEMBERS.indexOf("timestamp");
/** Of bunyan's service and others' loggers. */
const LOGGER = findName(Buffer.from("name"), 0, 4);
/** Of MongoDB's level; and of Grafana's time, which is also the holder of MongoDB's. So short names mean other things too. */
const MONGODB_LEVEL = findName(Buffer.from("s"), 0, 1);
const SHORT_TIME = findName(Buffer.from("t"), 0, 1);

/**
 * Reads one entry into the places of its members: those of the wire format (docs/sending.md), or what other loggers
 * call them (recognise/names.ts). One instance serves a whole request: it is filled anew for each entry, so nothing is
 * allocated.
 */
export class EntryReader extends EntryMembers {
  readonly scanner = new JsonScanner();
  /** What was read came out of another entry's message, so that names may stand twice. */
  isWrapped = false;
  /** As of Places. */
  areDistinct = false;
  /** Of the entries around it, from the inside, pairs of from and end; and the members that they were opened from. */
  private layers: number[] = [];
  private opened: number[] = [];
  /** Of HINT: what the names that were seen say. */
  private hints = 0;

  /**
   * @returns null when it could be read, else the reason why not
   */
  read(source: Buffer, from: number, end: number): string | null {
    this.begin(source, from, end);
    return this.readObject(from, end);
  }

  /** The same of an entry whose members have been found, without looking at its text. */
  readPlaces(source: Buffer, from: number, end: number, places: Places): string | null {
    this.begin(source, from, end);
    this.scanner.reset(source, end);
    this.hints = 0;
    const { count } = places;
    if (count === 0) return EMPTY;
    this.areDistinct = places.areDistinct;
    for (let index = 0; index < count; index++) {
      const known = places.known[index] as KnownName | null;
      const nameFrom = places.nameFrom[index] as number;
      const valueEnd = places.end[index] as number;
      if (known === null) this.others.push(nameFrom, valueEnd);
      else this.place(known, nameFrom, places.from[index] as number, valueEnd, places.isEscaped[index] as boolean);
    }
    this.settleNames(from);
    return null;
  }

  private begin(source: Buffer, from: number, end: number): void {
    this.source = source;
    this.from = from;
    this.end = end;
    this.others.length = 0;
    this.holders.length = 0;
    this.settled = 0;
    this.isWrapped = false;
    this.areDistinct = false;
    for (const slice of this.slices) slice.from = -1;
  }

  /**
   * Reads an entry that was wrapped as text into the message of the entry read last: its members count first, and those of
   * the outer one fill what it leaves, or are members like any other. Nothing is left out but the text itself. A time whose name is weak counts in
   * the order of names, with that of the outer one.
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
      for (const [member, slice] of this.slices.entries())
        if (slice.from >= 0 && (member !== TIMESTAMP || !slice.known?.isWeak)) this.settled |= 1 << member;
      this.readObject(this.layers[layer] as number, this.layers[layer + 1] as number);
    }
  }

  /**
   * For an entry that was wrapped, whose own time can't be stored: takes one of those around it, the first in the order of names.
   * @param canBeStored is asked of its microseconds
   * @returns the microseconds; null when there is none, or the time was not wrapped
   */
  takeOuterTime(canBeStored: (micros: number) => boolean): number | null {
    const { source, others } = this;
    const inner = this.layers[0] as number;
    if (!this.isWrapped || this.members.timestamp.from >= inner) return null;
    let found = { at: -1, micros: 0, rank: Number.POSITIVE_INFINITY };
    for (let at = 0; at < others.length; at += 2) {
      const nameFrom = others[at] as number;
      if (nameFrom < inner) continue;
      const { name, ...value } = memberFrom(source, nameFrom, others[at + 1] as number);
      const known = findName(Buffer.from(name), 0, Buffer.byteLength(name));
      const kind = KIND_OF[source[value.from] as number] as number;
      if (known?.member !== TIMESTAMP || (known.kinds & kind) === 0 || known.rank >= found.rank) continue;
      const micros = readTimestamp(this, { ...value, known, rank: known.rank });
      if (canBeStored(micros)) found = { at, micros, rank: known.rank };
    }
    if (found.at < 0) return null;
    others.splice(found.at, 2);
    return found.micros;
  }

  private readObject(from: number, end: number): string | null {
    const { scanner, source, others } = this;
    scanner.reset(source, end);
    this.hints = 0;
    let at = scanner.skipSpace(from);
    if (source[at] !== OPEN_BRACE || at >= end)
      return this.isJson(at) ? "an entry must be a JSON object" : this.notJson(from);
    at = scanner.skipSpace(at + 1);
    if (source[at] === CLOSE_BRACE && at < end) return this.atEnd(at + 1, from) ?? EMPTY;
    for (;;) {
      const valueAt = scanner.scanMemberKey(at);
      if (valueAt < 0) return this.notJson(from);
      const known = scanner.escaped ? this.escapedName(at) : findName(source, at + 1, scanner.nameEnd);
      const valueEnd = scanner.scanValue(valueAt, 1);
      if (valueEnd < 0) return this.notJson(from);
      if (this.isWrapped && this.opened.includes(at)) {
        // What it holds has been read.
      } else if (known !== null) this.place(known, at, valueAt, valueEnd, scanner.escaped);
      else others.push(at, valueEnd);
      at = scanner.skipSpace(valueEnd);
      if (source[at] === CLOSE_BRACE && at < end) return this.atEnd(at + 1, from);
      if (source[at] !== COMMA || at >= end)
        return this.notJson(from, at >= end ? "an object is not closed" : 'a "," or "}" is missing', at);
      at = scanner.skipSpace(at + 1);
    }
  }

  /** The first name of an order wins; what it beats, and what can't be that member, are members like any other. */
  private place(known: KnownName, nameFrom: number, from: number, end: number, isEscaped: boolean): void {
    const kind = KIND_OF[this.source[from] as number] as number;
    if ((known.kinds & kind) === 0 || ((this.settled >>> known.member) & 1) === 1) {
      this.hints |= known.hints;
      if ((known.hints & HINT.holds) !== 0) this.holders.push({ name: known, from, end });
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
    slice.escaped = kind === KIND.text && isEscaped;
    slice.known = known;
    slice.rank = known.rank;
  }

  /** bunyan names the service `name`, others their logger: only bunyan always sends the host beside it. */
  private dropLoggerName(): void {
    const { service } = this.members;
    if ((this.hints & HINT.hostname) === 0) this.release(service);
  }

  /** MongoDB names the level `s`, others something else: only MongoDB has its time beside it. */
  private dropOtherS(): void {
    const { source, holders, members } = this;
    for (const { name, from, end } of holders) if (name === SHORT_TIME && memberAt(source, from, end, "$date")) return;
    this.release(members.level);
  }

  /** Those who call their time `t` write it as a date: a number is something else, also as text. */
  private dropOtherT(): void {
    const { timestamp } = this.members;
    const isNumber = !Number.isNaN(readNumericTime(this.text(timestamp).trim()));
    if (isNumber || Number.isNaN(readTimestamp(this, timestamp))) this.release(timestamp);
  }

  private isJson(at: number): boolean {
    const end = this.scanner.scanValue(at, 0);
    return end >= 0 && this.scanner.skipSpace(end) === this.scanner.end;
  }

  private atEnd(at: number, from: number): string | null {
    this.settleNames(from);
    const rest = this.scanner.skipSpace(at);
    return rest === this.scanner.end ? null : this.notJson(from, "text after the entry", rest);
  }

  /** What only all members of an object together say. @param from of the object */
  private settleNames(from: number): void {
    if ((this.hints & HINT.holds) !== 0) this.placeNested();
    const { service, level, timestamp } = this.members;
    if (timestamp.known === SHORT_TIME && timestamp.from >= from && timestamp.rank >= 0) this.dropOtherT();
    if (level.known === MONGODB_LEVEL && level.from >= from && level.rank >= 0) this.dropOtherS();
    if (service.from >= from && service.known === LOGGER && service.rank >= 0) this.dropLoggerName();
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
}
