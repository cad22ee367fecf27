import type { StoredEntry } from "@/core/ingest/read-rows";
import { LIMITS } from "@/core/limits";
import { entryOf, timeOfRow } from "@/core/search/entry-row";
import type { Predicate } from "@/core/search/query/to-predicate";
import type { Position } from "./position";
import { bytesOf, eventText, type Watcher } from "./watcher";

/** Why entries were left out: the client did not take them, there were more than can be looked at, or it came too late. */
export type GapReason = "slow" | "busy" | "expired";

/** @param count of the entries that were skipped: of those that match for `slow`, of those not looked at else; null when unknown */
export const gapText = (count: number | null, reason: GapReason, position: Position | null) =>
  eventText("gap", JSON.stringify({ count, reason }), position);

/** An entry on its way to tails; what it looks like as an event is made once, however many get it. */
export class TailedEntry {
  private made: string | undefined;
  readonly timestamp: Date;

  constructor(
    readonly row: StoredEntry,
    private readonly position: (after: string) => Position,
  ) {
    this.timestamp = timeOfRow(row);
  }

  matches(predicate: Predicate): boolean {
    return predicate({ ...this.row, timestamp: this.timestamp });
  }

  get text(): string {
    const { row } = this;
    const attributes: unknown = row.attributes === null ? null : JSON.parse(row.attributes);
    this.made ??= eventText("log", JSON.stringify(entryOf({ ...row, attributes })), this.position(row.id));
    return this.made;
  }
}

/** All who tail by one query: it is held against an entry once for all of them. */
export class TailGroup {
  private readonly skipped = new Map<Watcher, number>();

  constructor(private readonly predicate: Predicate) {}

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

  /**
   * Gives everybody what matches.
   * @param unseen entries that nobody looks at
   * @param position behind all of it
   */
  deliver(entries: readonly TailedEntry[], unseen: number, position: Position): void {
    let text = "";
    let matches = 0;
    let left = unseen;
    for (const entry of entries) {
      if (text.length >= LIMITS.tailBytes) left++;
      else if (entry.matches(this.predicate)) {
        matches++;
        text += entry.text;
      }
    }
    if (left > 0) text += gapText(left, "busy", position);
    const bytes = text === "" ? null : bytesOf(text);
    for (const [watcher, skipped] of this.skipped) {
      if (watcher.isFull()) {
        this.skipped.set(watcher, skipped + matches + left);
        continue;
      }
      if (skipped > 0) {
        watcher.write(bytesOf(gapText(skipped, "slow", null)));
        this.skipped.set(watcher, 0);
      }
      if (bytes) watcher.write(bytes);
    }
  }
}
