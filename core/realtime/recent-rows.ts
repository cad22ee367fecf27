import type { RowBlock } from "@/core/ingest/row-block";
import { LIMITS } from "@/core/limits";

/** Those who look at what was just written. */
export type RowsReader = "tails" | "alerts";

/**
 * The rows that this process wrote last, by transaction, while somebody reads them: so that what was written here need not be
 * read back. Bounded: what it does not hold is read from the database.
 */
export class RecentRows {
  private readonly transactions = new Map<string, { blocks: readonly RowBlock[]; bytes: number }>();
  private bytes = 0;
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
    if (this.isWanted) return;
    this.transactions.clear();
    this.bytes = 0;
  }

  /**
   * Before the commit, because the news of it may come before the answer to it.
   * @param blocks all rows of the transaction, never a part of them
   */
  add(transaction: string, blocks: readonly RowBlock[]): void {
    if (!this.isWanted) return;
    const bytes = blocks.reduce((sum, block) => sum + block.bytes.length, 0);
    this.transactions.set(transaction, { blocks, bytes });
    this.bytes += bytes;
    for (const [oldest, held] of this.transactions) {
      if (this.bytes <= LIMITS.recentBytes) break;
      this.transactions.delete(oldest);
      this.bytes -= held.bytes;
    }
  }

  get(transaction: string): readonly RowBlock[] | undefined {
    return this.transactions.get(transaction)?.blocks;
  }
}
