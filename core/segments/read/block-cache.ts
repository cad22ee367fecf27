import { LRUCache } from "lru-cache";
import { readUntilAborted } from "@/core/cancel-on-abort";
import type { Context } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { type ReadBlock, readBlocks } from "../catalogue";

/** Bytes of the first blocks that are read, as most searches end in the newest; each next time it is four times as many, up to the most. */
const FIRST_BYTES = 2 * 1024 * 1024;
const GROW_BY = 4;
/** Segments that are looked at together. */
const AT_ONCE = 256;
/** What a block and each of its ranges take beside the filter, about. */
const BLOCK_BYTES = 200;
const RANGE_BYTES = 200;

/** Of segments: null where there are none any more, as it was joined with others since it was listed. */
export type BlocksOf = ReadonlyMap<number, readonly ReadBlock[] | null>;

/** The blocks of segments that were searched lately: they never change. */
export class BlockCache {
  private readonly known = new LRUCache<number, ReadBlock[]>({
    maxSize: LIMITS.blockCacheBytes,
    sizeCalculation: (blocks) => blocks.reduce((sum, block) => sum + bytesOf(block), 1),
  });

  /**
   * The blocks of segments in their order, portion by portion, each of which has the next of them and is read when it is asked for: no
   * more than LIMITS.blockReadBytes are read at once.
   * @param options.withWords whether their filters are needed
   * @throws the signal's reason, or what PostgreSQL says of a statement that is ended, when it aborts
   */
  async *portions(
    db: Context["db"],
    ids: readonly number[],
    { withWords, signal }: { withWords: boolean; signal?: AbortSignal | undefined },
  ): AsyncGenerator<BlocksOf> {
    let mostBytes = FIRST_BYTES;
    for (let at = 0; at < ids.length; ) {
      const portion = await this.portion(db, ids.slice(at, at + AT_ONCE), { withWords, mostBytes, signal });
      at += portion.size;
      mostBytes = Math.min(mostBytes * GROW_BY, LIMITS.blockReadBytes);
      yield portion;
    }
  }

  /** The first of these: those that are known, and of others as many as may be read. */
  private async portion(
    db: Context["db"],
    ids: readonly number[],
    { withWords, mostBytes, signal }: { withWords: boolean; mostBytes: number; signal: AbortSignal | undefined },
  ): Promise<BlocksOf> {
    const found = new Map<number, ReadBlock[]>();
    for (const id of ids) {
      const blocks = this.known.get(id);
      if (blocks && (!withWords || hasWords(blocks))) found.set(id, blocks);
    }
    const asked = ids.filter((id) => !found.has(id));
    const read = new Map<number, ReadBlock[]>();
    if (asked.length > 0) {
      const rows = await readUntilAborted(db, signal, (transaction) =>
        readBlocks(transaction, asked, { withWords, mostBytes }),
      );
      for (const { segment, ...block } of rows) {
        const blocks = read.get(segment) ?? [];
        blocks.push(block);
        read.set(segment, blocks);
      }
      for (const [id, blocks] of read) this.known.set(id, blocks);
    }
    // Behind the last that was read, it is not known of the others whether they have any.
    const last = read.size === 0 ? asked.length : asked.findLastIndex((id) => read.has(id)) + 1;
    const unread = new Set(asked.slice(last));
    const portion = new Map<number, ReadBlock[] | null>();
    for (const id of ids) {
      if (unread.has(id)) break;
      portion.set(id, found.get(id) ?? read.get(id) ?? null);
    }
    return portion;
  }
}

const hasWords = (blocks: readonly ReadBlock[]): boolean => blocks.every(({ words }) => words !== null);

const bytesOf = ({ words, ranges }: ReadBlock): number =>
  (words?.length ?? 0) + BLOCK_BYTES + Object.keys(ranges).length * RANGE_BYTES;
