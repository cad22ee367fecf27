import { QUOTE } from "@/core/ascii";
import { findName, KIND_OF, type KnownName } from "@/core/ingest/recognise/find-name";

/**
 * Where the members of an object, or the elements of an array, stand in its JSON text. One instance is filled anew for each, so nothing
 * is allocated; who reads an entry by its places needs no second look at its text.
 */
export class Places {
  count = 0;
  /** Index of a name's opening quote, and of its closing one. Of an element: -1. */
  readonly nameFrom: number[] = [];
  readonly nameEnd: number[] = [];
  /** Of the value. */
  readonly from: number[] = [];
  readonly end: number[] = [];
  /** The value is a string that holds a backslash. */
  readonly isEscaped: boolean[] = [];
  /** The name holds one. */
  readonly isNameEscaped: boolean[] = [];
  /** What the name says of an entry. */
  readonly known: (KnownName | null)[] = [];
  /** No member has the name of another one, or of one within the member `attributes`: nobody needs to look. */
  areDistinct = false;

  clear(): void {
    this.count = 0;
    this.areDistinct = false;
  }

  add(nameFrom: number, nameEnd: number, from: number, end: number, isEscaped: boolean, known: KnownName | null): void {
    const { count } = this;
    this.nameFrom[count] = nameFrom;
    this.nameEnd[count] = nameEnd;
    this.from[count] = from;
    this.end[count] = end;
    this.isEscaped[count] = isEscaped;
    this.isNameEscaped[count] = false;
    this.known[count] = known;
    this.count = count + 1;
  }

  /** A member of another object. @param shift from where it stands there to where it stands here */
  copyFrom(other: Places, index: number, shift: number): void {
    const { count } = this;
    this.nameFrom[count] = (other.nameFrom[index] as number) + shift;
    this.nameEnd[count] = (other.nameEnd[index] as number) + shift;
    this.from[count] = (other.from[index] as number) + shift;
    this.end[count] = (other.end[index] as number) + shift;
    this.isEscaped[count] = other.isEscaped[index] as boolean;
    this.isNameEscaped[count] = other.isNameEscaped[index] as boolean;
    this.known[count] = other.known[index] as KnownName | null;
    this.count = count + 1;
  }

  /** A member whose name holds a backslash: what it says is found by what it means. */
  addEscaped(
    source: Uint8Array,
    nameFrom: number,
    nameEnd: number,
    from: number,
    end: number,
    isEscaped: boolean,
  ): void {
    const name = Buffer.from(decodedName(source, nameFrom, nameEnd));
    this.add(nameFrom, nameEnd, from, end, isEscaped, findName(name, 0, name.length));
    this.isNameEscaped[this.count - 1] = true;
  }

  /** Whether a member is called so. @param name in UTF-8 */
  isNamed(source: Buffer, index: number, name: Uint8Array): boolean {
    const from = (this.nameFrom[index] as number) + 1;
    const end = this.nameEnd[index] as number;
    if (this.isNameEscaped[index]) return Buffer.from(decodedName(source, from - 1, end)).equals(name);
    if (end - from !== name.length) return false;
    for (let at = 0; at < name.length; at++) if (source[from + at] !== name[at]) return false;
    return true;
  }

  /** The last member of a name, which is the one that JSON's readers see; -1 for none. @param name in UTF-8 */
  find(source: Buffer, name: Uint8Array): number {
    for (let index = this.count - 1; index >= 0; index--) if (this.isNamed(source, index, name)) return index;
    return -1;
  }

  /** The same for many names: the index of each. */
  indicesByName(source: Buffer): Map<string, number> {
    const indices = new Map<string, number>();
    for (let index = 0; index < this.count; index++) indices.set(this.nameOf(source, index), index);
    return indices;
  }

  nameOf(source: Buffer, index: number): string {
    const from = this.nameFrom[index] as number;
    const end = this.nameEnd[index] as number;
    return this.isNameEscaped[index] ? decodedName(source, from, end) : source.toString("utf8", from + 1, end);
  }

  /** Of KIND. */
  kindOf(source: Buffer, index: number): number {
    return KIND_OF[source[this.from[index] as number] as number] as number;
  }

  /** The text of a value that is a string; null for another one, and for the index -1. */
  textOf(source: Buffer, index: number): string | null {
    const from = this.from[index];
    const end = this.end[index];
    if (index < 0 || from === undefined || end === undefined || source[from] !== QUOTE) return null;
    if (!this.isEscaped[index]) return source.toString("utf8", from + 1, end - 1);
    return String(JSON.parse(source.toString("utf8", from, end)));
  }
}

const decodedName = (source: Uint8Array, from: number, end: number): string =>
  String(JSON.parse(Buffer.from(source.subarray(from, end + 1)).toString("utf8")));
