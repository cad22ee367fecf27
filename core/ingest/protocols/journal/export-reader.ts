import { EQUALS, NEWLINE } from "@/core/ascii";
import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";

const SIZE_BYTES = 8;
/** Names have at most 64 characters (systemd.journal-fields(7)), and some more are let pass; what is longer and no field is none of this format. */
const NAME_BYTES = 256;
/** The most that a journal takes for one field (systemd, DATA_SIZE_MAX). */
const FIELD_BYTES = 768 * 1024 * 1024;
/** Kept of an entry's values, so that core dumps and the like don't fill the memory. */
const KEPT_BYTES = LIMITS.entryBytes;

export type JournalField = {
  name: string;
  value: Buffer;
  /** Of the value as it was sent; it is cut when this is more than the value has. */
  bytes: number;
};

type State = "name" | "text" | "size" | "data" | "end";

/**
 * Reads entries in the journal export format as their bytes arrive (systemd.io, "Journal Export Formats"): `NAME=text` in a line, or the
 * name alone, followed by 64 bits of length, little endian, so many bytes and a newline; a blank line ends an entry.
 */
export class ExportReader {
  private state: State = "name";
  private fields: JournalField[] = [];
  private keptBytes = 0;
  /** Of what is being read: a name, a size, a value. */
  private pieces: Buffer[] = [];
  private pieceBytes = 0;
  /** Of the value that is being read, however much of it is kept. */
  private valueBytes = 0;
  private name = "";
  /** Still to come of a value with a length. */
  private missing = 0;
  /** Of all that came before, for messages. */
  private consumed = 0;

  /** @param entry gets the fields of each entry that has any */
  constructor(private readonly entry: (fields: readonly JournalField[]) => void) {}

  /** Whether an entry begins with the next byte. */
  get isBetween(): boolean {
    return this.state === "name" && this.pieceBytes === 0 && this.fields.length === 0;
  }

  /**
   * Reads until an entry ends, or the chunk does.
   * @returns how far it has come
   * @throws Fault invalid for what is not this format
   */
  readEntry(chunk: Buffer, from: number): number {
    let at = from;
    do at = this.step(chunk, at);
    while (at < chunk.length && !this.isBetween);
    return at;
  }

  /** Counts a chunk that was read, for the places in messages. */
  endChunk(chunk: Buffer): void {
    this.consumed += chunk.length;
  }

  /**
   * An entry whose fields are whole needs no blank line at the end.
   * @returns false when the last entry breaks off
   */
  finish(): boolean {
    if (this.state !== "name" || this.pieceBytes > 0) return false;
    this.endEntry();
    return true;
  }

  private step(chunk: Buffer, at: number): number {
    switch (this.state) {
      case "name":
        return this.readName(chunk, at);
      case "text":
        return this.readText(chunk, at);
      case "size":
        return this.readSize(chunk, at);
      case "data":
        return this.readData(chunk, at);
      case "end":
        if (chunk[at] !== NEWLINE) throw this.malformed("a field with a length must end with a newline", at);
        this.endField();
        return at + 1;
    }
  }

  private readName(chunk: Buffer, from: number): number {
    let end = from;
    while (end < chunk.length && chunk[end] !== EQUALS && chunk[end] !== NEWLINE) end++;
    this.keep(chunk.subarray(from, end));
    if (this.pieceBytes > NAME_BYTES) throw this.malformed("a line is neither NAME=value nor a name", from);
    if (end === chunk.length) return end;
    const name = this.takePieces().toString();
    if (chunk[end] === NEWLINE && name === "") this.endEntry();
    else if (name === "") throw this.malformed("a field has no name", from);
    else {
      this.name = name;
      this.valueBytes = 0;
      this.state = chunk[end] === EQUALS ? "text" : "size";
    }
    return end + 1;
  }

  private readText(chunk: Buffer, from: number): number {
    const newline = chunk.indexOf(NEWLINE, from);
    const end = newline < 0 ? chunk.length : newline;
    this.addValue(chunk.subarray(from, end));
    if (newline < 0) return end;
    this.endField();
    return end + 1;
  }

  private readSize(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + SIZE_BYTES - this.pieceBytes);
    this.keep(chunk.subarray(from, end));
    if (this.pieceBytes < SIZE_BYTES) return end;
    const size = this.takePieces().readBigUInt64LE();
    if (size > FIELD_BYTES) throw this.malformed(`a field says that it has ${size} bytes`, from);
    this.missing = Number(size);
    this.state = this.missing === 0 ? "end" : "data";
    return end;
  }

  private readData(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.missing);
    this.addValue(chunk.subarray(from, end));
    this.missing -= end - from;
    if (this.missing === 0) this.state = "end";
    return end;
  }

  private addValue(piece: Buffer): void {
    this.valueBytes += piece.length;
    const free = KEPT_BYTES - this.keptBytes - this.pieceBytes;
    if (free > 0) this.keep(piece.subarray(0, free));
  }

  /** A copy, because the chunk is valid only during the call. */
  private keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.pieces.push(Buffer.from(piece));
    this.pieceBytes += piece.length;
  }

  private takePieces(): Buffer {
    const [only] = this.pieces;
    const all = this.pieces.length === 1 && only ? only : Buffer.concat(this.pieces);
    this.pieces = [];
    this.pieceBytes = 0;
    return all;
  }

  private endField(): void {
    const value = this.takePieces();
    this.keptBytes += value.length + this.name.length;
    // What comes after so much is counted as cut away with nothing left, until there are too many of those.
    if (this.keptBytes <= 2 * KEPT_BYTES) this.fields.push({ name: this.name, value, bytes: this.valueBytes });
    this.state = "name";
  }

  private endEntry(): void {
    const { fields } = this;
    this.fields = [];
    this.keptBytes = 0;
    if (fields.length > 0) this.entry(fields);
  }

  private malformed(reason: string, at: number): Error {
    return invalid(`the body is not in the journal export format: ${reason} (at byte ${this.consumed + at + 1})`);
  }
}
