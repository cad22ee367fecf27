import { JsonScanner } from "@/core/ingest/decode/json-scanner";
import { firstCharacters, lengthOf } from "./first-characters";
import { fold } from "./query/fold";

/** Of attributes: their JSON text, and the paths of strings that were cut, with how many characters these have. */
export type Picked = { text: string; cut: Record<string, number> };

/** What is looked for within a value: the rest of each path that leads into it. Without any name, all of it. */
type Rests = readonly (readonly string[])[];

/**
 * The attributes at some paths, within what they stand in, so that paths find the same there. Names compare as in the query language
 * (attributeTexts). What is picked keeps its own text, but strings that are cut.
 * @param document JSON text of an object
 * @param paths of members; empty text for all
 * @param length characters of each string; all when absent
 * @returns null when there is none
 */
export function pickAttributes(document: string, paths: readonly string[], length: number | undefined): Picked | null {
  const isAll = paths.includes("");
  if (isAll && length === undefined) return { text: document, cut: {} };
  const picker = new Picker(Buffer.from(document), length);
  const text = picker.pick(isAll ? [[]] : paths.map((path) => fold(path).split(".")));
  return text === null ? null : { text, cut: picker.cut };
}

class Picker {
  /** Without a prototype, because attributes may have any name. */
  readonly cut: Record<string, number> = Object.create(null);
  private readonly scanner = new JsonScanner();
  private at: number;

  constructor(
    private readonly source: Buffer,
    private readonly length: number | undefined,
  ) {
    this.scanner.reset(source, source.length);
    this.at = this.scanner.skipSpace(0);
  }

  pick(rests: Rests): string | null {
    return this.value(rests, []);
  }

  /** Goes over the value that begins where it stands. */
  private value(rests: Rests, path: readonly string[]): string | null {
    const { scanner, source, at: from } = this;
    const isWhole = rests.some((rest) => rest.length === 0);
    if (rests.length > 0) {
      const end = scanner.scanValue(from, 0);
      // Nothing within it can be longer than it is.
      const fits = this.length === undefined || end - from <= this.length;
      if (!(isWhole && fits)) {
        if (source[from] === 0x7b) return this.members(isWhole ? [[]] : rests, path);
        if (source[from] === 0x5b) return this.items(isWhole ? [[]] : rests, path);
      }
      this.at = end;
      if (!isWhole) return null;
      const text = source.toString("utf8", from, end);
      return fits || source[from] !== 0x22 ? text : this.string(text, path);
    }
    this.at = scanner.scanValue(from, 0);
    return null;
  }

  private string(text: string, path: readonly string[]): string {
    const whole = String(JSON.parse(text));
    const short = firstCharacters(whole, this.length);
    if (short === whole) return text;
    const name = path.join(".");
    this.cut[name] = Math.max(this.cut[name] ?? 0, lengthOf(whole));
    return JSON.stringify(short);
  }

  private members(rests: Rests, path: readonly string[]): string | null {
    const picked: string[] = [];
    this.each(0x7d, () => {
      const from = this.at;
      const keyEnd = this.scanner.scanString(from);
      const key = this.source.toString("utf8", from, keyEnd);
      const name = String(JSON.parse(key));
      this.at = this.scanner.scanMemberKey(from);
      const value = this.value(behind(rests, fold(name)), [...path, name]);
      if (value !== null) picked.push(`${key}:${value}`);
    });
    return picked.length > 0 || isAll(rests) ? `{${picked.join(",")}}` : null;
  }

  private items(rests: Rests, path: readonly string[]): string | null {
    const picked: string[] = [];
    this.each(0x5d, () => {
      const value = this.value(rests, path);
      if (value !== null) picked.push(value);
    });
    return picked.length > 0 || isAll(rests) ? `[${picked.join(",")}]` : null;
  }

  private each(close: number, take: () => void): void {
    const { scanner, source } = this;
    this.at = scanner.skipSpace(this.at + 1);
    while (source[this.at] !== close) {
      take();
      this.at = scanner.skipSpace(this.at);
      if (source[this.at] === 0x2c) this.at = scanner.skipSpace(this.at + 1);
    }
    this.at++;
  }
}

const isAll = (rests: Rests): boolean => rests.some((rest) => rest.length === 0);

/** What is left of paths behind a member's name, which may hold dots itself. */
function behind(rests: Rests, name: string): Rests {
  if (isAll(rests)) return [[]];
  return rests.flatMap((rest) =>
    rest.flatMap((_, index) => (rest.slice(0, index + 1).join(".") === name ? [rest.slice(index + 1)] : [])),
  );
}
