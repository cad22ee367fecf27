import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Batcher } from "./batcher";
import type { Budget } from "./budget";
import type { RejectedRow } from "./copy-rows";
import type { EntrySink } from "./decode/decoder";
import { EntryReader } from "./decode/entry-reader";
import type { Places } from "./decode/places";
import type { NamedRequest } from "./entry-keys";
import type { IngestAnswer } from "./idempotency";
import { type NormaliseOptions, normalise } from "./normalise";
import { readEntry } from "./read-entry";
import { RowBlock } from "./row-block";
import type { StreamedWrite, StreamedWrites } from "./streamed-write";

const FIRST_BLOCK_BYTES = 1024 * 1024;

export type IntakeContext = { batcher: Batcher; streamedWrites: StreamedWrites; budget: Budget; listedErrors: number };

/** The entries of one request on their way from the decoder to the commit: stored whole or not at all, save what is rejected. */
export class Intake implements EntrySink {
  private readonly reader = new EntryReader();
  private readonly rejections: RejectedRow[] = [];
  private rejectedCount = 0;
  private accepted = 0;
  private block: RowBlock;
  private streamed: StreamedWrite | null = null;
  private heldRows = 0;
  private heldBytes = 0;

  constructor(
    private readonly context: IntakeContext,
    private readonly options: NormaliseOptions,
    private readonly request: NamedRequest & { announcedBytes: number },
  ) {
    this.block = new RowBlock(Math.min(request.announcedBytes, FIRST_BLOCK_BYTES));
  }

  private get seen(): number {
    return this.accepted + this.rejectedCount;
  }

  entry(source: Buffer, from: number, end: number, places?: Places): void {
    const index = this.seen;
    const { reader, options } = this;
    const reason =
      readEntry(reader, source, from, end, options.parameters, places) ?? normalise(reader, this.block, index, options);
    if (reason === null) this.accepted++;
    else this.reject(index, reason);
  }

  rejected(reason: string): void {
    this.reject(this.seen, reason);
  }

  private reject(index: number, reason: string): void {
    this.rejectedCount++;
    if (this.rejections.length < this.context.listedErrors) this.rejections.push({ index, reason });
  }

  /** Accounts for what was taken since the last call, and writes out a request that has grown large. */
  async settle(): Promise<void> {
    this.hold();
    const { length } = this.block.bytes;
    if (!this.streamed && length >= LIMITS.streamedRequestBytes) {
      this.streamed = await this.context.streamedWrites.begin(this.request);
    }
    if (this.streamed && length >= LIMITS.transactionBytes) await this.flush(this.streamed);
  }

  private hold(): void {
    const rows = this.block.rows - this.heldRows;
    const bytes = this.block.bytes.length - this.heldBytes;
    this.context.budget.take(rows, bytes);
    this.heldRows += rows;
    this.heldBytes += bytes;
  }

  private release(): void {
    this.context.budget.release(this.heldRows, this.heldBytes);
    this.heldRows = 0;
    this.heldBytes = 0;
  }

  private async flush(streamed: StreamedWrite): Promise<void> {
    await streamed.add(this.block);
    this.release();
    this.block = new RowBlock(FIRST_BLOCK_BYTES);
  }

  /**
   * Resolves after commit.
   * @param tellsEach nothing and nothing good are answers like any other
   * @throws Fault invalid when there was nothing or nothing good in the request
   */
  async finish(tellsEach = false): Promise<IngestAnswer> {
    if (this.accepted === 0 && tellsEach) return this.answer([]);
    if (this.seen === 0) throw invalid("the body holds no entries");
    if (this.accepted === 0) {
      const [first] = this.rejections;
      const which =
        this.rejectedCount === 1
          ? "the entry was rejected"
          : `all ${this.rejectedCount} entries were rejected, the first`;
      throw invalid(`${which}: ${first?.reason}`, this.answer([]));
    }
    this.hold();
    const { streamed } = this;
    if (streamed) {
      await this.flush(streamed);
      return await streamed.commit(this.answer(streamed.refused, streamed.repeatedEntries));
    }
    const { idempotencyKey, entryNameOf } = this.request;
    const answer = await this.context.batcher.submit({
      block: this.block,
      idempotencyKey,
      entryNameOf,
      answer: (refused, repeated) => this.answer(refused, repeated),
    });
    this.release();
    return answer;
  }

  private answer(refused: readonly RejectedRow[], repeated: readonly number[] = []): IngestAnswer {
    const errors = [...this.rejections, ...refused].map(({ index, reason }) => ({ index, error: reason }));
    return {
      accepted: this.accepted - refused.length - repeated.length,
      rejected: this.rejectedCount + refused.length,
      errors: errors.sort((a, b) => a.index - b.index).slice(0, this.context.listedErrors),
      ...(repeated.length > 0 && { repeated: [...repeated] }),
    };
  }

  /** After any error: nothing of the request stays. */
  async abort(error: unknown): Promise<void> {
    this.release();
    await this.streamed?.abort(error);
    this.streamed = null;
  }
}
