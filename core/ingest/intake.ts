import { invalid } from "@/core/errors";
import type { Batcher } from "./batcher";
import type { Budget, Held } from "./budget";
import type { RejectedRow } from "./copy-rows";
import type { NamedRequest } from "./entry-keys";
import type { Outcome } from "./entry-rows";
import type { IngestAnswer } from "./idempotency";
import type { RowBlock } from "./row-block";
import type { StreamedWrite, StreamedWrites } from "./streamed-write";

export type IntakeContext = { batcher: Batcher; streamedWrites: StreamedWrites; budget: Budget; listedErrors: number };

/** The rows of one request on their way to the commit: stored whole or not at all, save what is rejected. */
export class Intake {
  private streamed: StreamedWrite | null = null;
  private held: Held = { rows: 0, bytes: 0 };

  constructor(
    private readonly context: IntakeContext,
    private readonly request: NamedRequest,
  ) {}

  /**
   * Accounts for all that the request has in memory now.
   * @throws Fault too_busy when that is more than there may be
   */
  hold({ rows, bytes }: Held): void {
    const { held } = this;
    this.context.budget.take(rows - held.rows, bytes - held.bytes);
    this.held = { rows, bytes };
  }

  private release(): void {
    this.context.budget.release(this.held.rows, this.held.bytes);
    this.held = { rows: 0, bytes: 0 };
  }

  /** Writes a block of a request that is too large to wait in memory. */
  async write(block: RowBlock): Promise<void> {
    this.streamed ??= await this.context.streamedWrites.begin(this.request);
    await this.streamed.add(block);
  }

  /**
   * Resolves after commit.
   * @param block the rows that were not written yet
   * @param tellsEach nothing and nothing good are answers like any other
   * @throws Fault invalid when there was nothing or nothing good in the request
   */
  async finish(block: RowBlock, outcome: Outcome, tellsEach = false): Promise<IngestAnswer> {
    const { accepted, rejectedCount, rejections, heldBytes } = outcome;
    const answer = (refused: readonly RejectedRow[], repeated: readonly number[] = []) =>
      this.answer(outcome, refused, repeated);
    const { idempotencyKey, entryNameOf, contents } = this.request;
    if (accepted === 0 && tellsEach && contents === undefined) {
      this.release();
      return answer([]);
    }
    if (accepted + rejectedCount === 0) throw invalid("the body holds no entries");
    if (accepted === 0 && !tellsEach) {
      const [first] = rejections;
      const which =
        rejectedCount === 1 ? "the entry was rejected" : `all ${rejectedCount} entries were rejected, the first`;
      throw invalid(`${which}: ${first?.reason}`, answer([]));
    }
    this.hold({ rows: block.rows, bytes: block.bytes.length + heldBytes });
    const { streamed } = this;
    if (streamed) {
      await streamed.add(block);
      this.release();
      return await streamed.commit(answer(streamed.refused, streamed.repeatedEntries));
    }
    const given = await this.context.batcher.submit({ block, idempotencyKey, entryNameOf, answer });
    this.release();
    return given;
  }

  private answer(
    { accepted, rejectedCount, rejections }: Outcome,
    refused: readonly RejectedRow[],
    repeated: readonly number[],
  ): IngestAnswer {
    const { contents } = this.request;
    const errors = [...rejections, ...refused].map(({ index, reason }) => ({ index, error: reason }));
    return {
      accepted: accepted - refused.length - repeated.length,
      rejected: rejectedCount + refused.length,
      errors: errors.sort((a, b) => a.index - b.index).slice(0, this.context.listedErrors),
      ...(repeated.length > 0 && { repeated: [...repeated] }),
      ...(contents !== undefined && { contents }),
    };
  }

  /** After any error: nothing of the request stays. */
  async abort(error: unknown): Promise<void> {
    this.release();
    await this.streamed?.abort(error);
    this.streamed = null;
  }
}
