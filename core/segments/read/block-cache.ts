import { LRUCache } from "lru-cache";
import type { Executor } from "@/core/context";
import { LIMITS } from "@/core/limits";
import { readBlocks } from "../catalogue";
import type { Block } from "../write/staged-rows";

/** The blocks of segments that were searched lately: they never change. */
export class BlockCache {
  private readonly known = new LRUCache<number, Block[]>({
    maxSize: LIMITS.blockCacheBytes,
    sizeCalculation: (blocks) => blocks.reduce((sum, { words }) => sum + words.length + 100, 1),
  });

  /** Nothing of a segment that was joined with others since it was listed. */
  async of(db: Executor, ids: readonly number[]): Promise<ReadonlyMap<number, readonly Block[]>> {
    const found = new Map<number, Block[]>();
    const missing: number[] = [];
    for (const id of ids) {
      const blocks = this.known.get(id);
      if (blocks) found.set(id, blocks);
      else missing.push(id);
    }
    if (missing.length > 0) {
      for (const { segment, ...block } of await readBlocks(db, missing)) {
        const blocks = found.get(segment) ?? [];
        blocks.push(block);
        found.set(segment, blocks);
      }
      for (const id of missing) {
        const blocks = found.get(id);
        if (blocks) this.known.set(id, blocks);
      }
    }
    return found;
  }
}
