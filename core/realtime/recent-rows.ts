import type { WrittenRows } from "@/core/ingest/read-rows";
import { LIMITS } from "@/core/limits";
import { RowCopies } from "./row-copies";

/** Those who look at what was just written. */
export type RowsReader = "tails" | "alerts";

/**
 * The rows that this process wrote last, by transaction, while somebody reads them: so that what was written here need not be
 * read back. Bounded: what it does not hold is read from the database.
 */
export class RecentRows {
  private readonly transactions = new Map<string, { blocks: readonly WrittenRows[]; bytes: number }>();
  private bytes = 0;
  private copies: RowCopies | null = null;
  private readonly wantedBy = new Set<RowsReader>();

  /** Whether anybody would look. */
  get isWanted(): boolean {
    return this.wantedBy.size > 0;
  }

  isWantedBy(reader: RowsReader): boolean {
    return this.wantedBy.has(reader);
  }

  want(reader: RowsReader, isWanted: boolean): void {
    if (isWanted) this.wantedBy.add(reader);
    else this.wantedBy.delete(reader);
    if (!this.isWantedBy("tails")) {
      this.transactions.clear();
      this.bytes = 0;
    }
    if (!this.isWanted) this.copies = null;
  }

  /**
   * Before the commit, because the news of it may come before the answer to it.
   * @param blocks all rows of the transaction, never a part of them
   */
  add(transaction: string, blocks: readonly WrittenRows[]): void {
    if (!this.isWanted) return;
    // Who tails reads them while others are written, so that the blocks themselves are held.
    if (!this.isWantedBy("tails")) {
      this.copies ??= new RowCopies();
      this.copies.add(transaction, blocks);
      return;
    }
    const bytes = blocks.reduce((sum, block) => sum + block.bytes.length, 0);
    this.transactions.set(transaction, { blocks, bytes });
    this.bytes += bytes;
    for (const oldest of this.transactions.keys()) {
      if (this.bytes <= LIMITS.recentBytes) break;
      this.forget(oldest);
    }
  }

  /**
   * Of a transaction that failed, or of which nobody knows how it ended. PostgreSQL may give its number once more, after it broke down, to
   * one that another process writes.
   */
  forget(transaction: string): void {
    this.bytes -= this.transactions.get(transaction)?.bytes ?? 0;
    this.transactions.delete(transaction);
    this.copies?.forget(transaction);
  }

  get(transaction: string): readonly WrittenRows[] | undefined {
    return this.transactions.get(transaction)?.blocks;
  }

  /** The same for who reads them at once: what is given is written over later. */
  getAtOnce(transaction: string): readonly WrittenRows[] | undefined {
    return this.get(transaction) ?? this.copies?.get(transaction);
  }
}
