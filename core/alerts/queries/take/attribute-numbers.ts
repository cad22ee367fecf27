import { AttributeReader } from "@/core/segments/write/attribute-reader";
import type { LineReader } from "./line-reader";
import { TextTable } from "./text-table";

/** There is no scalar at the path. */
export const NONE = -1;
/** There are several, or one that got no number: somebody has to look at the attributes. */
export const UNNUMBERED = -2;
const UNKNOWN = -3;

/** Longer values hardly come again. */
const MOST_VALUE_BYTES = 1_024;
/** Of a value that is remembered, beside its bytes. */
const VALUE_BYTES = 40;
const ROOM_BYTES = 64 * 1024 * 1024;

/** The memory that the values at all paths may take together. */
export class ValueRoom {
  constructor(public bytes = ROOM_BYTES) {}
}

/** The values that were seen at a path, each with its number; UNNUMBERED of one that is long, and of all when there is no room. */
export class PathValues {
  private readonly table = new TextTable();
  private readonly texts: (string | undefined)[] = [];

  constructor(private readonly room: ValueRoom) {}

  /** @param from where JSON text of a scalar begins in the source */
  numberOf(source: Uint8Array, from: number, end: number): number {
    const { table, room } = this;
    if (end - from > MOST_VALUE_BYTES || room.bytes <= 0) return UNNUMBERED;
    const known = table.size;
    const number = table.numberOf(source, from, end);
    if (table.size > known) room.bytes -= end - from + VALUE_BYTES;
    return number;
  }

  /** As attributeTexts gives it. */
  textOf(number: number): string {
    let text = this.texts[number];
    if (text === undefined) {
      const json = this.table.textOf(number);
      text = json.startsWith('"') ? String(JSON.parse(json)) : json;
      this.texts[number] = text;
    }
    return text;
  }
}

/** What stands at paths in the attributes of a line, as numbers of values: found once a line, for however many ask. */
export class AttributeNumbers {
  private readonly reader: AttributeReader;
  private readonly numbers: Int32Array;
  private line: LineReader | null = null;
  private source: Buffer = Buffer.alloc(0);
  private isRead = false;

  /** @param values of paths, by the same places */
  constructor(
    paths: readonly string[],
    private readonly values: readonly PathValues[],
  ) {
    this.reader = new AttributeReader(paths);
    this.numbers = new Int32Array(paths.length);
  }

  /** Goes to the line at which a reader is. */
  moveTo(line: LineReader): void {
    this.line = line;
    this.isRead = false;
  }

  private read({ bytes, attributesFrom, attributesEnd }: LineReader): void {
    this.isRead = true;
    this.source = bytes;
    if (attributesFrom < 0) this.numbers.fill(NONE);
    else {
      this.reader.read(bytes, attributesFrom, attributesEnd);
      this.numbers.fill(UNKNOWN);
    }
  }

  /** The number of the value at a path, by its place; NONE or UNNUMBERED. */
  at(place: number): number {
    if (!this.isRead && this.line) this.read(this.line);
    const known = this.numbers[place] as number;
    if (known !== UNKNOWN) return known;
    const count = this.reader.counts[place] as number;
    const number = count === 0 ? NONE : count > 1 ? UNNUMBERED : this.only(place);
    this.numbers[place] = number;
    return number;
  }

  private only(place: number): number {
    const { starts, ends } = this.reader;
    return (this.values[place] as PathValues).numberOf(this.source, starts[place] as number, ends[place] as number);
  }
}
