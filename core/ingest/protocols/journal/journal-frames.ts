import { EQUALS, NEWLINE, NUL, OPEN_BRACE } from "@/core/ascii";
import type { Decoder, EntrySink } from "@/core/ingest/decode/decoder";
import { ByteQueue } from "@/core/ingest/protocols/byte-queue";
import { EntryText } from "@/core/ingest/protocols/entry-text";
import { LIMITS } from "@/core/limits";
import { ExportReader } from "./export-reader";
import { writeEntry } from "./write-entry";

const BLANK_LINE = Buffer.from("\n\n");
/** Of an entry that is handed on as it stands; a longer one is read as it arrives. */
const MOST_BYTES = LIMITS.messageBytes;

/** What can be told of an entry that begins somewhere: where it ends, or one of these. */
const OTHER = -1;
const NOT_YET = -2;

/**
 * Finds the entries of systemd's journal in what systemd-journal-upload sends, and hands them on as they stand with their blank line, so
 * that another thread reads them (journal-entries.ts). That is quick where an entry has texts alone: its end is the first blank line.
 * One that has a value with a length, or is very long, is read here and handed on as JSON. Which of both it is depends on the entry
 * alone, not on the pieces in which it comes.
 */
export function journalFrames(sink: EntrySink): Decoder {
  const text = new EntryText();
  const reader = new ExportReader((fields) => writeEntry(fields, text, sink));
  const queue = new ByteQueue();

  const read = (): void => {
    const { bytes } = queue;
    const ends = new PlainEnds(bytes);
    let at = 0;
    while (at < bytes.length) {
      if (reader.isBetween) {
        if (bytes[at] === NEWLINE) {
          at++;
          continue;
        }
        const end = ends.endOf(at);
        if (end === NOT_YET) break;
        if (end !== OTHER) {
          sink.entry(bytes, at, end);
          at = end;
          continue;
        }
      }
      at = reader.readEntry(bytes, at);
    }
    reader.endChunk(queue.take(at));
  };

  return {
    get held() {
      return queue.length;
    },
    push(chunk) {
      queue.append(chunk);
      read();
    },
    finish() {
      const rest = queue.take(queue.length);
      for (let at = 0; at < rest.length; ) at = reader.readEntry(rest, at);
      if (!reader.finish()) sink.rejected("the entry breaks off before its end");
    },
  };
}

const PLACES = [Buffer.from("__CURSOR="), Buffer.from("__REALTIME_TIMESTAMP=")];
const WRITTEN_PLACE = Buffer.from('"timestamp":');

/** Whether an entry, as journalFrames hands it on, says where or when it stood in its journal, as all do that a journal has kept. */
export function isPlacedEntry(source: Buffer, from: number, end: number): boolean {
  const places = source[from] === OPEN_BRACE ? [WRITTEN_PLACE] : PLACES;
  return places.some((place) => {
    const at = source.indexOf(place, from);
    return at >= 0 && at < end;
  });
}

/** Where entries end that have nothing but texts in lines. */
class PlainEnds {
  /** The first NUL that is not before the entry: the length of a value is less than its 64 bits can say, so there is one in it. */
  private nul = -1;

  constructor(private readonly bytes: Buffer) {}

  /** @returns where the entry ends; OTHER when it is not of texts alone, or too long; NOT_YET when that can't be told */
  endOf(from: number): number {
    const { bytes } = this;
    if (this.nul < from) {
      const next = bytes.indexOf(NUL, from);
      this.nul = next < 0 ? bytes.length : next;
    }
    const blank = bytes.indexOf(BLANK_LINE, from);
    const end = blank < 0 ? bytes.length : blank + BLANK_LINE.length;
    // No name begins as JSON does, by which the two kinds are told apart.
    if (this.nul < end || end - from > MOST_BYTES || bytes[from] === OPEN_BRACE) return OTHER;
    if (blank < 0) return NOT_YET;
    // The bytes of a length may look like a blank line, also behind one that looks like a field, but never like more than that.
    const last = this.lineBefore(blank, from);
    if (!this.isField(last, blank)) return OTHER;
    if (last === from) return end;
    const lastBut = this.lineBefore(last - 1, from);
    return this.isField(lastBut, last - 1) ? end : OTHER;
  }

  /** @returns where the line begins that ends there */
  private lineBefore(end: number, from: number): number {
    return Math.max(from, this.bytes.lastIndexOf(NEWLINE, end - 1) + 1);
  }

  private isField(from: number, end: number): boolean {
    const equals = this.bytes.indexOf(EQUALS, from);
    return equals > from && equals < end;
  }
}
