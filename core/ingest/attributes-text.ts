import { memberFrom, membersOf } from "./decode/json-members";

const COMMA = Buffer.from(",");
const OPEN = Buffer.from("{");
const CLOSE = Buffer.from("}");

/**
 * Puts the JSON text of an attributes object together from pieces that stay as they were sent. A name that is taken gets a
 * number, `user_2`, so that nothing is lost to who reads it: of members with one name JSON's readers see the last.
 */
export class AttributesText {
  private readonly pieces: Buffer[] = [OPEN];
  /** Null: the pieces come from one object, so that names are not compared. */
  private readonly names: Set<string> | null;
  bytes = 2;

  constructor(mayClash: boolean) {
    this.names = mayClash ? new Set() : null;
  }

  /** Takes the members of the object that stands there. */
  addMembers(source: Buffer, from: number, end: number): void {
    const members = membersOf(source, from, end);
    for (const { name } of members) this.names?.add(name);
    if (members.length > 0) this.push(source.subarray(from + 1, end - 1));
  }

  /** Takes a member `"name": value` as it stands. */
  addMember(source: Buffer, from: number, end: number): void {
    if (!this.names) {
      this.push(source.subarray(from, end));
      return;
    }
    const { name, from: valueFrom } = memberFrom(source, from, end);
    if (this.names.has(name)) {
      this.add(name, source.subarray(valueFrom, end));
    } else {
      this.names.add(name);
      this.push(source.subarray(from, end));
    }
  }

  /** @param json the value's text */
  add(name: string, json: Buffer | string): void {
    let free = name;
    for (let number = 2; this.names?.has(free); number++) free = `${name}_${number}`;
    this.names?.add(free);
    this.push(Buffer.concat([Buffer.from(`${JSON.stringify(free)}:`), Buffer.from(json)]));
  }

  private push(piece: Buffer): void {
    if (this.pieces.length > 1) this.pieces.push(COMMA);
    this.pieces.push(piece);
    this.bytes += piece.length + 1;
  }

  toBuffer(): Buffer {
    return Buffer.concat([...this.pieces, CLOSE]);
  }
}
