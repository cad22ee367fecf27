import { MINUTE_MS } from "@/core/clock";
import { readRow } from "@/core/ingest/read-rows";
import { POSTGRES_EPOCH_MICROS } from "@/core/ingest/row-block";
import { LEVELS } from "@/core/levels";
import { MINUTE_MICROS } from "@/core/micros";
import type { EntryRow } from "@/core/search/entry-row";
import { fold } from "@/core/search/query/fold";
import { type FoldedEntry, foldEntry } from "@/core/search/query/to-predicate";
import { TextTable } from "./text-table";
import type { WordFinder } from "./word-finder";

/** Levels by the first byte of their names, in which they differ. */
const LEVEL_OF = new Uint8Array(256);
for (const [index, level] of LEVELS.entries()) LEVEL_OF[level.charCodeAt(0)] = index;

/** From where a row begins to its id's value, its time, and the length of its service: see RowBlock. */
const TIME_AT = 2 + 4 + 8 + 4;
const SERVICE_AT = TIME_AT + 8;

/** readInt32BE without its checks, for several a line. */
const int32At = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] as number) << 24) |
  ((bytes[at + 1] as number) << 16) |
  ((bytes[at + 2] as number) << 8) |
  (bytes[at + 3] as number);

/** One line after the other, as bytes; texts are only made of what somebody asks for. */
export class LineReader {
  /** Counts the lines: what was found of one is forgotten at the next. */
  count = 0;
  bytes: Buffer = Buffer.alloc(0);
  /** Where the row ends in the bytes. */
  end = 0;
  /** The start of its minute, in ms. */
  minute = 0;
  /** Number of its service in `services`. */
  service = 0;
  /** Index in LEVELS. */
  level = 0;
  messageFrom = 0;
  messageEnd = 0;
  /** -1 for none. */
  attributesFrom = -1;
  attributesEnd = 0;
  readonly services = new TextTable();

  private from = 0;
  private wordsOf = 0;
  private isPlain = false;
  private row: EntryRow | null = null;
  private folded: FoldedEntry | null = null;
  private message: string | null = null;

  constructor(readonly words: WordFinder) {}

  /** Goes to the row of a block that begins at a place. */
  moveTo(bytes: Buffer, from: number): void {
    this.begin(bytes, from, null);
    let at = from + TIME_AT;
    const micros = int32At(bytes, at) * 0x1_0000_0000 + (int32At(bytes, at + 4) >>> 0) + POSTGRES_EPOCH_MICROS;
    this.minute = Math.floor(micros / MINUTE_MICROS) * MINUTE_MS;
    at = from + SERVICE_AT;
    let size = int32At(bytes, at);
    this.service = this.services.numberOf(bytes, at + 4, at + 4 + size);
    at += 4 + size;
    size = int32At(bytes, at);
    this.level = LEVEL_OF[bytes[at + 4] as number] as number;
    at += 4 + size;
    size = int32At(bytes, at);
    this.messageFrom = at + 4;
    this.messageEnd = at + 4 + size;
    at = this.messageEnd;
    // The pattern and the tags.
    at += 4 + Math.max(0, int32At(bytes, at));
    at += 4 + Math.max(0, int32At(bytes, at));
    size = int32At(bytes, at);
    this.attributesFrom = size < 0 ? -1 : at + 4;
    this.attributesEnd = at + 4 + Math.max(0, size);
    this.end = this.attributesEnd;
  }

  /** Goes to a row that was read from the database. */
  moveToRow(row: EntryRow): void {
    const service = Buffer.from(row.service);
    const message = Buffer.from(row.message);
    const attributes = Buffer.from(row.attributes ?? "");
    this.begin(Buffer.concat([service, message, attributes]), 0, row);
    this.minute = Math.floor(Number(row.micros) / MINUTE_MICROS) * MINUTE_MS;
    this.service = this.services.numberOf(service, 0, service.length);
    this.level = LEVELS.indexOf(row.level);
    this.messageFrom = service.length;
    this.messageEnd = this.messageFrom + message.length;
    this.attributesFrom = row.attributes === null ? -1 : this.messageEnd;
    this.attributesEnd = this.bytes.length;
  }

  private begin(bytes: Buffer, from: number, row: EntryRow | null): void {
    this.count++;
    this.bytes = bytes;
    this.from = from;
    this.row = row;
    this.folded = null;
    this.message = null;
  }

  /** Whether the message is of ASCII: then hasWord() tells what it has. */
  findWords(): boolean {
    if (this.wordsOf !== this.count) {
      this.wordsOf = this.count;
      this.isPlain = this.words.find(this.bytes, this.messageFrom, this.messageEnd);
    }
    return this.isPlain;
  }

  hasWord = (word: number): boolean => this.words.has(word);

  foldedMessage(): string {
    this.message ??= fold(this.bytes.toString("utf8", this.messageFrom, this.messageEnd));
    return this.message;
  }

  attributes = (): string => this.bytes.toString("utf8", this.attributesFrom, this.attributesEnd);

  whole(): EntryRow {
    this.row ??= readRow(this.bytes, this.from).row;
    return this.row;
  }

  wholeFolded(): FoldedEntry {
    this.folded ??= foldEntry(this.whole());
    return this.folded;
  }
}
