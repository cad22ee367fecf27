import { OPEN_BRACE, QUOTE } from "@/core/ascii";
import {
  findName,
  KIND,
  KIND_OF,
  type KnownName,
  MEMBERS,
  type Member,
  NESTED_NAMES,
} from "@/core/ingest/recognise/find-name";
import { type JsonMember, memberAmong, memberAt, memberFrom, membersOf } from "./json-members";

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

/** The rank of a name that the sender says of a whole request. */
const SAID = -1;

/** An object that may hold what says a member of the entry. */
type Holder = { name: KnownName; from: number; end: number };

/** What was found in a holder: from and end within its text. */
type LookedThrough = { text: Buffer; found: { from: number; end: number; escaped: boolean } | null };

/** The members of an entry by their places in its JSON text, as EntryReader finds them. */
export class EntryMembers {
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
  protected readonly slices = MEMBERS.map((name) => this.members[name]);
  /** Members that are no longer looked for, by their bit. */
  protected settled = 0;
  /** Members that the format doesn't name: `"name": value` as it stands, pairs of from and end. */
  readonly others: number[] = [];

  /** Of these, those in which another member may stand. */
  protected readonly holders: Holder[] = [];

  /** By the places of NESTED_NAMES: where a name was found in the holder that was looked through last. */
  private readonly lookedThrough: LookedThrough[] = [];

  /** Members that stand a level deeper count in the same order; what holds them stays as it is. */
  protected placeNested(): void {
    for (let place = 0; place < NESTED_NAMES.length; place++) {
      const { known, holder } = NESTED_NAMES[place] as (typeof NESTED_NAMES)[number];
      const slice = this.slices[known.member] as Slice;
      if (((this.settled >>> known.member) & 1) === 1 || (slice.from >= 0 && slice.rank < known.rank)) continue;
      for (const { name, from, end } of this.holders) {
        const inner = name === holder ? this.lookThrough(place, from, end) : null;
        if (!inner || this.source[from + inner.from] !== QUOTE) continue;
        const found = { nameFrom: -1, from: from + inner.from, end: from + inner.end, escaped: inner.escaped };
        this.put(slice, found, known, known.rank);
        break;
      }
    }
  }

  /** Entries that come together mostly have the same holder, such as their resource. */
  private lookThrough(place: number, from: number, end: number): LookedThrough["found"] {
    const last = this.lookedThrough[place];
    if (last && last.text.length === end - from && last.text.compare(this.source, from, end) === 0) return last.found;
    const inner = memberAt(this.source, from, end, NESTED_NAMES[place]?.path ?? "");
    const found = inner && { from: inner.from - from, end: inner.end - from, escaped: inner.escaped };
    this.lookedThrough[place] = { text: Buffer.from(this.source.subarray(from, end)), found };
    return found;
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
    const holder = slices.find(({ nameFrom, from }) => nameFrom >= 0 && from === found.from);
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

  /** Makes what stands in a member's place a member like any other. */
  release(slice: Slice): void {
    if (slice.nameFrom >= 0) this.others.push(slice.nameFrom, slice.end);
    slice.from = -1;
  }

  /** Those of `others`. */
  otherMembers(): JsonMember[] {
    const { source, others } = this;
    const members: JsonMember[] = [];
    for (let at = 0; at < others.length; at += 2)
      members.push(memberFrom(source, others[at] ?? 0, others[at + 1] ?? 0));
    return members;
  }

  /**
   * The members of an object among `others`, in any case of letters of its name, called as they are there; those first that stand
   * outside as `holder.name`.
   * @param holder in small letters
   */
  membersWithin(holder: string): JsonMember[] {
    const others = this.otherMembers();
    const within: JsonMember[] = [];
    for (const other of others)
      if (other.name.toLowerCase().startsWith(`${holder}.`))
        within.push({ ...other, name: other.name.slice(holder.length + 1) });
    for (const { name, from, end } of others)
      if (name.toLowerCase() === holder) for (const member of membersOf(this.source, from, end)) within.push(member);
    return within;
  }

  /** The JSON text of a member that is in `others`, by a path, in any case of letters; undefined when there is none. */
  otherAt(path: string): string | undefined {
    const found = memberAmong(this.source, this.otherMembers(), path);
    return found ? this.source.toString("utf8", found.from, found.end) : undefined;
  }

  /** The whole entry as it was sent, or what was opened. */
  get entryText(): string {
    return this.source.toString("utf8", this.from, this.end);
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
    return this.source[slice.from] === OPEN_BRACE;
  }

  /** The value of a slice, for the few that are worth building. */
  value(slice: Slice): unknown {
    return JSON.parse(this.source.toString("utf8", slice.from, slice.end));
  }
}
