import { tooLarge } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Held } from "./budget";
import type { RejectedRow } from "./copy-rows";
import type { Decoder, EntrySink } from "./decode/decoder";
import { EntryReader } from "./decode/entry-reader";
import type { Places } from "./decode/places";
import { type NormaliseOptions, normalise } from "./normalise";
import { readEntry } from "./read-entry";
import { RowBlock } from "./row-block";

const FIRST_BLOCK_BYTES = 2 * 1024 * 1024;
/** Of a rejection besides its reason: as an object, on its way to another thread and in the answer. */
const REJECTION_BYTES = 256;

/** What became of the entries of a request before PostgreSQL has seen them. */
export type Outcome = {
  accepted: number;
  rejectedCount: number;
  rejections: readonly RejectedRow[];
  /** Of rejections and items, which are in memory until the answer is made. */
  heldBytes: number;
};

/** Makes rows of the entries that a decoder finds, block by block. Knows nothing of where they go, so it works in any thread. */
export class EntryRows implements EntrySink {
  private readonly reader = new EntryReader();
  private readonly rejections: RejectedRow[] = [];
  private rejectedCount = 0;
  private accepted = 0;
  private rejectionBytes = 0;
  private isFirstBlock = true;
  block: RowBlock;

  /**
   * @param listedErrors so many rejections are listed; the count is always exact
   * @param announcedBytes of the body; 0 when that is not known
   * @param newBlock makes an empty one for so many bytes
   */
  constructor(
    private readonly options: NormaliseOptions,
    private readonly listedErrors: number,
    announcedBytes: number,
    private readonly newBlock: (capacity: number) => RowBlock = (capacity) => new RowBlock(capacity),
  ) {
    this.block = newBlock(Math.min(announcedBytes, FIRST_BLOCK_BYTES));
  }

  /** @param decoder that found the entries */
  outcome({ itemBytes = 0 }: Decoder): Outcome {
    const { accepted, rejectedCount, rejections, rejectionBytes } = this;
    return { accepted, rejectedCount, rejections, heldBytes: rejectionBytes + itemBytes };
  }

  /** What is in memory of the body. @param decoder as outcome */
  held({ held = 0, itemBytes = 0 }: Decoder): Held {
    const { block, rejectionBytes } = this;
    return { rows: block.rows, bytes: block.bytes.length + rejectionBytes + held + itemBytes };
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
    if (this.rejections.length >= this.listedErrors) return;
    this.rejections.push({ index, reason });
    this.rejectionBytes += REJECTION_BYTES + reason.length;
    if (this.rejectionBytes > LIMITS.itemBytes)
      throw tooLarge("more entries of the body are rejected than can be told one by one; send it in parts");
  }

  /** Whether the request has grown so large that it is written while it arrives, and there is enough for that. */
  get isBlockFull(): boolean {
    const most = this.isFirstBlock ? LIMITS.streamedRequestBytes : LIMITS.transactionBytes;
    return this.block.bytes.length >= most;
  }

  /** The rows that came since the last call, to be written. */
  takeBlock(): RowBlock {
    const { block } = this;
    this.block = this.newBlock(this.isFirstBlock ? FIRST_BLOCK_BYTES : LIMITS.transactionBytes);
    this.isFirstBlock = false;
    return block;
  }
}
