import { tooBusy } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { RejectedRow } from "./copy-rows";
import { claimEntries, type NamedRequest, releaseEntries } from "./entry-keys";
import { claimKey, findAnswer, type IngestAnswer, storeAnswer } from "./idempotency";
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

/** A request in a transaction of its own, written as it arrives: memory stays bounded, and it still counts whole or not at all. */
export class StreamedWrite {
  private repeated: IngestAnswer | null = null;
  private claimed = false;
  readonly refused: RejectedRow[] = [];
  /** Of those that came before, the index. */
  readonly repeatedEntries: number[] = [];

  constructor(
    private readonly context: WriteContext,
    private readonly write: Write,
    private readonly request: NamedRequest,
    private readonly leave: () => void,
  ) {}

  async add(block: RowBlock): Promise<void> {
    try {
      const { idempotencyKey } = this.request;
      if (idempotencyKey !== undefined && !this.claimed) {
        this.claimed = true;
        if (!(await claimKey(this.write.transaction, idempotencyKey, this.context.clock))) {
          this.repeated = await findAnswer(this.write.transaction, idempotencyKey);
        }
      }
      if (!this.repeated) await this.addFresh(block);
    } catch (error) {
      throw asFault(error);
    }
  }

  private async addFresh(block: RowBlock): Promise<void> {
    const { write, context } = this;
    await context.sealSoon.brake();
    const { entryNameOf } = this.request;
    const transaction = () => write.transaction;
    for (const fresh of await claimEntries(transaction, [{ block, entryNameOf }], context.clock)) {
      const refused = await write.addIsolated(fresh.block);
      await releaseEntries(transaction, entryNameOf, refused);
      this.refused.push(...refused);
      this.repeatedEntries.push(...fresh.repeated);
    }
  }

  async commit(answer: IngestAnswer): Promise<IngestAnswer> {
    try {
      const final = this.repeated ?? answer;
      const { idempotencyKey } = this.request;
      if (idempotencyKey !== undefined && !this.repeated)
        await storeAnswer(this.write.transaction, idempotencyKey, final);
      await this.write.commit();
      this.leave();
      return final;
    } catch (error) {
      throw asFault(error);
    }
  }

  async abort(error: unknown): Promise<void> {
    this.leave();
    await this.write.abort(error);
  }
}
