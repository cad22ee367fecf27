import { type AttributeForm, entryText } from "@/core/search/entry-json";
import { type EntryRow, entryOf } from "@/core/search/entry-row";
import type { QueryNode } from "@/core/search/query/query-tree";
import { type FoldedEntry, foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import type { Position } from "./position";
import { bytesOf, eventText, type Watcher } from "./watcher";

/** What somebody tails: a query, and exactly one service if any; `attributes` says how they stand in it, as JSON by default. */
export type TailQuery = { query: QueryNode; service?: string; attributes?: AttributeForm };

/** Why entries were left out: the client did not take them, there were more than can be looked at, or it came too late. */
export type GapReason = "slow" | "busy" | "expired";

/** @param count of the entries that were skipped: of those that match for `slow`, of those not looked at else; null when unknown */
export const gapText = (count: number | null, reason: GapReason, position: Position | null) =>
  eventText("gap", JSON.stringify({ count, reason }), position);

/** An entry on its way to tails. */
export class TailedEntry {
  private readonly made: Partial<Record<AttributeForm, string>> = {};
  private folded: FoldedEntry | undefined;

  constructor(
    readonly row: EntryRow,
    private readonly position: (after: string) => Position,
  ) {}

  /** What predicates look at. */
  get searched(): FoldedEntry {
    this.folded ??= foldEntry(this.row);
    return this.folded;
  }

  /** What it looks like as an event: made once, however many get it. */
  text(form: AttributeForm = "json"): string {
    this.made[form] ??= eventText("log", entryText(entryOf(this.row), form), this.position(this.row.id));
    return this.made[form];
  }
}

/** All who tail by one query: it is held against an entry once for all of them. */
export class TailGroup {
  private readonly skipped = new Map<Watcher, number>();
  private readonly matches: (entry: TailedEntry) => boolean;
  private texts: string[] = [];

  private readonly attributes: AttributeForm | undefined;

  constructor({ query, service, attributes }: TailQuery) {
    this.attributes = attributes;
    const predicate = toPredicate(query);
    this.matches = ({ row, searched }) => (service === undefined || row.service === service) && predicate(searched);
  }

  get watchers(): IterableIterator<Watcher> {
    return this.skipped.keys();
  }

  get size(): number {
    return this.skipped.size;
  }

  add(watcher: Watcher): void {
    this.skipped.set(watcher, 0);
  }

  remove(watcher: Watcher): void {
    this.skipped.delete(watcher);
  }

  /** Takes an entry if it matches. @returns about how many bytes it will be for all watchers */
  take(entry: TailedEntry): number {
    if (!this.matches(entry)) return 0;
    const text = entry.text(this.attributes);
    this.texts.push(text);
    return text.length * this.size;
  }

  /**
   * Gives everybody what was taken.
   * @param unseen entries that nobody looked at
   * @param position behind all of it
   */
  deliver(unseen: number, position: Position): void {
    const matches = this.texts.length;
    if (unseen > 0) this.texts.push(gapText(unseen, "busy", position));
    const bytes = this.texts.length === 0 ? null : bytesOf(this.texts.join(""));
    this.texts = [];
    for (const [watcher, skipped] of this.skipped) {
      if (watcher.isFull()) {
        this.skipped.set(watcher, skipped + matches + unseen);
        continue;
      }
      this.tellGap(watcher, skipped);
      if (bytes) watcher.write(bytes);
    }
  }

  /** Tells everybody who has room again what it missed: a position behind that must not come to it before. */
  tellGaps(): void {
    for (const [watcher, skipped] of this.skipped) if (!watcher.isFull()) this.tellGap(watcher, skipped);
  }

  private tellGap(watcher: Watcher, skipped: number): void {
    if (skipped === 0) return;
    watcher.write(bytesOf(gapText(skipped, "slow", null)));
    this.skipped.set(watcher, 0);
  }
}
