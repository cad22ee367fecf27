import { NEWLINE } from "@/core/ascii";
import { type EntryBytes, NOWHERE } from "./entry-bytes";

/** Signs that hardly ever stand in a text, so that hardly ever one has to be quoted: those that ASCII has for it. */
const UNIT_SEPARATOR = 0x1f;
const RECORD_SEPARATOR = 0x1e;
const COLUMNS = 8;

/** How DuckDB writes rows for TextRows. */
export const TEXT_ROWS = `format csv, header false, delimiter '\x1f', quote '\x1e', escape '\x1e', nullstr ''`;

/** In the order in which TextRows reads them: of entries with `micros`, tags as JSON text. */
export const TEXT_COLUMNS = "id, micros, service, level, message, pattern, tags, attributes";

/** Reads rows as DuckDB writes them, from pieces that end anywhere. */
export class TextRows {
  private rest: Buffer = Buffer.alloc(0);

  /** @param add is given each entry */
  constructor(private readonly add: (entry: EntryBytes) => void) {}

  read(piece: Buffer): void {
    const source = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : piece;
    let at = 0;
    for (let next = this.readRow(source, at); next >= 0; next = this.readRow(source, at)) at = next;
    this.rest = source.subarray(at);
  }

  /** @throws Error when the rows have not ended */
  finish(): void {
    if (this.rest.length > 0) throw new Error("the rows end in the middle of one");
  }

  /** @returns where the next one begins; -1 when it is not all there */
  private readRow(source: Buffer, from: number): number {
    const cells: Cell[] = [];
    let at = from;
    for (let column = 1; column <= COLUMNS; column++) {
      const cell = cellAt(source, at, column === COLUMNS ? NEWLINE : UNIT_SEPARATOR);
      if (!cell) return -1;
      cells.push(cell);
      at = cell.next;
    }
    const isPlain = cells.every(({ isDoubled }) => !isDoubled);
    this.add(isPlain ? entryOf(source, cells) : entryOfDoubled(source, cells));
    return at;
  }
}

/** Where the text of a cell stands, and where the next one begins; -1 for what is null. */
type Cell = { from: number; end: number; next: number; isDoubled: boolean };

/** @returns null when it is not all there */
function cellAt(source: Buffer, at: number, behind: number): Cell | null {
  if (source[at] !== RECORD_SEPARATOR) {
    const end = source.indexOf(behind, at);
    return end < 0 ? null : { from: end === at ? -1 : at, end: end === at ? -1 : end, next: end + 1, isDoubled: false };
  }
  let isDoubled = false;
  for (let end = source.indexOf(RECORD_SEPARATOR, at + 1); end >= 0; end = source.indexOf(RECORD_SEPARATOR, end + 2)) {
    const next = source[end + 1];
    if (next === undefined) return null;
    if (next === behind) return { from: at + 1, end, next: end + 2, isDoubled };
    if (next !== RECORD_SEPARATOR) throw new Error("a quoted text goes on behind its end");
    isDoubled = true;
  }
  return null;
}

function entryOf(source: Buffer, cells: readonly Cell[]): EntryBytes {
  const [id, micros, service, level, message, pattern, tags = NOWHERE, attributes = NOWHERE] = cells;
  if (!id || !micros || !service || !level || !message || !pattern)
    throw new Error("a row has not the columns of an entry");
  const number = BigInt(source.toString("latin1", id.from, id.end));
  const hasPattern = pattern.from >= 0;
  const patternId = hasPattern ? BigInt(source.toString("latin1", pattern.from, pattern.end)) : 0n;
  return {
    source,
    idHigh: Number(number >> 32n),
    idLow: Number(BigInt.asUintN(32, number)),
    micros: Number(source.toString("latin1", micros.from, micros.end)),
    patternHigh: Number(patternId >> 32n),
    patternLow: Number(BigInt.asUintN(32, patternId)),
    hasPattern,
    service: placeOf(service),
    level: placeOf(level),
    message: placeOf(message),
    tags,
    tagsSource: source,
    attributes,
  };
}

/** Of a text that is never null. */
const placeOf = ({ from, end }: Cell) => (from < 0 ? { from: 0, end: 0 } : { from, end });

/** Where a quote is doubled, all texts are taken out. */
function entryOfDoubled(source: Buffer, cells: readonly Cell[]): EntryBytes {
  const texts: Buffer[] = [];
  const places: Cell[] = [];
  let at = 0;
  for (const { from, end, next } of cells) {
    const text = source.toString("utf8", Math.max(from, 0), Math.max(end, 0)).replaceAll("\x1e\x1e", "\x1e");
    const bytes = Buffer.from(text);
    texts.push(bytes);
    places.push({ from: from < 0 ? -1 : at, end: from < 0 ? -1 : at + bytes.length, next, isDoubled: false });
    at += bytes.length;
  }
  return entryOf(Buffer.concat(texts), places);
}
