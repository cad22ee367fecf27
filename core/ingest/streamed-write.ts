import { tooBusy, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { RejectedRow } from "./copy-rows";
import { type FreshBlock, LateClaims, type NamedRequest } from "./entry-keys";
import { answerOf, claimKeys, findAnswers, type IngestAnswer, storeAnswers } from "./idempotency";
import type { RowBlock } from "./row-block";
import { asFault, type KnownPartitions, openWrite, type Write, type WriteContext } from "./write";

/** Places for requests that are too large to wait in memory; each holds a connection until its body has arrived. */
export class StreamedWrites {
  private open = 0;

  constructor(
    private readonly context: WriteContext,
    private readonly partitions: KnownPartitions,
  ) {}

  /** @throws Fault too_busy when all places are taken */
  async begin(request: NamedRequest): Promise<StreamedWrite> {
    if (this.open >= LIMITS.streamedRequests)
      throw tooBusy("too many large requests at once; send this one again a little later, or in parts");
    this.open++;
    try {
      const write = await openWrite(this.context, this.partitions);
      return new StreamedWrite(this.context, write, request, () => this.open--);
    } catch (error) {
      this.open--;
      throw error;
    }
  }
}

/**
 * A request in a transaction of its own, written as it arrives: memory stays bounded, and it still counts whole or not at all. Its key
 * and the names of its entries are claimed at its end, so that nobody else waits for its sender.
 */
export class StreamedWrite {
  private readonly names: LateClaims | null;
  readonly refused: RejectedRow[] = [];
  /** Of those that came before, the index. */
  readonly repeatedEntries: number[] = [];

  constructor(
    private readonly context: WriteContext,
    private readonly write: Write,
    private readonly request: NamedRequest,
    private readonly leave: () => void,
  ) {
    this.names = request.entryNameOf ? new LateClaims(request.entryNameOf) : null;
  }

  async add(block: RowBlock): Promise<void> {
    try {
      await this.context.sealSoon.brake();
      const fresh = await this.fresh(block);
      const refused = await this.write.addIsolated(fresh.block);
      this.names?.release(refused);
      for (const row of refused) this.refused.push(row);
      for (const index of fresh.repeated) this.repeatedEntries.push(index);
    } catch (error) {
      throw asFault(error);
    }
  }

  private async fresh(block: RowBlock): Promise<FreshBlock> {
    return (await this.names?.fresh(this.write.transaction, block)) ?? { block, repeated: [] };
  }

  /** @returns the answer, or that of a request with the same key that was committed while this one arrived */
  async commit(answer: IngestAnswer): Promise<IngestAnswer> {
    try {
      const { write } = this;
      const { idempotencyKey } = this.request;
      if (idempotencyKey !== undefined) {
        const claimed = await claimKeys(write.transaction, [idempotencyKey], this.context.clock);
        if (claimed.size === 0) return await this.repeat(idempotencyKey);
        await storeAnswers(write.transaction, new Map([[idempotencyKey, answer]]));
      }
      if (this.names && !(await this.names.claim(write.transaction, this.context.clock)))
        throw unavailable("entries of this request were stored by another one meanwhile; send it again");
      await write.commit();
      this.leave();
      return answer;
    } catch (error) {
      throw asFault(error);
    }
  }

  /** Undoes everything. */
  private async repeat(idempotencyKey: string): Promise<IngestAnswer> {
    const answers = await findAnswers(this.write.transaction, [idempotencyKey]);
    const answer = answerOf(answers, idempotencyKey);
    await this.write.abort(null);
    this.leave();
    return answer;
  }

  async abort(error: unknown): Promise<void> {
    this.leave();
    await this.write.abort(error);
  }
}
