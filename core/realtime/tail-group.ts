import { type EntryForm, entryText } from "@/core/search/entry-json";
import { type EntryRow, entryOf } from "@/core/search/entry-row";
import type { QueryNode } from "@/core/search/query/query-tree";
import { type FoldedEntry, foldEntry, toPredicate } from "@/core/search/query/to-predicate";
import type { Position } from "./position";
import { bytesOf, eventText, type Watcher } from "./watcher";

/** What somebody tails: a query, and exactly one service if any; `form` says how entries stand in it, whole by default. */
export type TailQuery = { query: QueryNode; service?: string; form?: EntryForm };

/**
 * Why entries were left out: the client did not take them, there were more than can be looked at, it came too late, or they are in
 * segments that can't be read.
 */
export type GapReason = "slow" | "busy" | "expired" | "unreadable";

/** `count` of the entries that were skipped: of those that match for `slow`, of those not looked at else; null when unknown. */
export type Gap = { count: number | null; reason: GapReason };

/** @param position null when it must stay where it is */
export const gapText = (gap: Gap, position: Position | null) => eventText("gap", JSON.stringify(gap), position);

/** An entry on its way to tails. */
export class TailedEntry {
  private readonly made = new Map<string, string>();
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
  text(form: EntryForm = {}): string {
    const key = JSON.stringify(form);
    const text = this.made.get(key) ?? eventText("log", entryText(entryOf(this.row), form), this.position(this.row.id));
    this.made.set(key, text);
    return text;
  }
}

/** All who tail by one query: it is held against an entry once for all of them. */
export class TailGroup {
  /** How many entries each missed; null when unknown. */
  private readonly skipped = new Map<Watcher, number | null>();
  private readonly matches: (entry: TailedEntry) => boolean;
  private texts: string[] = [];

  private readonly form: EntryForm | undefined;

  constructor({ query, service, form }: TailQuery) {
    this.form = form;
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
    const text = entry.text(this.form);
    this.texts.push(text);
    return text.length * this.size;
  }

  /**
   * Gives everybody what was taken.
   * @param before told first, because others behind it are told
   * @param after told last
   * @param position behind all of it
   */
  deliver(before: Gap, after: Gap, position: Position): void {
    const matches = this.texts.length;
    if (before.count !== 0) this.texts.unshift(gapText(before, null));
    if (after.count !== 0) this.texts.push(gapText(after, position));
    const bytes = this.texts.length === 0 ? null : bytesOf(this.texts.join(""));
    this.texts = [];
    for (const [watcher, skipped] of this.skipped) {
      if (watcher.isFull()) {
        this.skipped.set(watcher, sum(skipped, before.count, matches, after.count));
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

  private tellGap(watcher: Watcher, skipped: number | null): void {
    if (skipped === 0) return;
    watcher.write(bytesOf(gapText({ count: skipped, reason: "slow" }, null)));
    this.skipped.set(watcher, 0);
  }
}

/** Null as soon as one of them is unknown. */
const sum = (...counts: (number | null)[]): number | null =>
  counts.reduce((total, count) => (total === null || count === null ? null : total + count), 0);
