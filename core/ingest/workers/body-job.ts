import { Fault } from "@/core/errors";
import type { EntryItem } from "@/core/ingest/decode/decoder";
import type { Outcome } from "@/core/ingest/entry-rows";
import { RowBlock } from "@/core/ingest/row-block";
import type { FromWorker, JobHeld, ToWorker } from "./messages";

/** Pieces of a body go together up to so many bytes, as each message wakes two threads. */
const MESSAGE_BYTES = 256 * 1024;
/** Sent and not read yet; for more the sender waits. */
const AHEAD_BYTES = 1024 * 1024;

export type JobResult = { block: RowBlock; outcome: Outcome };

/** A body whose rows are made in a worker. Ends when `finish` has resolved, or with `abort`. */
export class BodyJob {
  private readonly collected: Uint8Array<ArrayBuffer>[] = [];
  private collectedBytes = 0;
  /** Bytes that were sent and are not read yet. */
  private ahead = 0;
  private inWorker: JobHeld = { rows: 0, bytes: 0 };
  private readonly blocks: RowBlock[] = [];
  private result: JobResult | null = null;
  private failure: unknown = null;
  private wake: (() => void) | null = null;
  private watched: (held: JobHeld) => void = () => undefined;

  /**
   * @param ended is told when the worker needs to be told nothing more of it
   * @param itemsFound as of RowWorkers.begin
   */
  constructor(
    private readonly number: number,
    private readonly post: (message: ToWorker, transfer: ArrayBuffer[]) => void,
    private readonly ended: () => void,
    private readonly itemsFound: (items: readonly EntryItem[]) => void = () => undefined,
  ) {}

  /** What of the body is in memory, here and in the worker. */
  get held(): JobHeld {
    const { inWorker, collectedBytes, ahead, blocks } = this;
    let rows = inWorker.rows;
    let bytes = inWorker.bytes + collectedBytes + ahead;
    for (const block of blocks) {
      rows += block.rows;
      bytes += block.bytes.length;
    }
    return { rows, bytes };
  }

  /**
   * Has somebody told of what is held whenever the worker says it, also while the sender says nothing: a few compressed bytes can be many.
   * @param watched ends the job with what it throws
   */
  watch(watched: (held: JobHeld) => void): void {
    this.watched = watched;
  }

  private tellHeld(): void {
    try {
      this.watched(this.held);
    } catch (error) {
      this.end(error);
    }
  }

  /** @param piece must not be used any more: its memory goes to the worker */
  push(piece: Uint8Array): void {
    this.collected.push(ownMemory(piece));
    this.collectedBytes += piece.length;
    if (this.collectedBytes >= MESSAGE_BYTES) this.send(false);
  }

  private send(isEnd: boolean): void {
    const pieces = this.collected.splice(0);
    this.ahead += this.collectedBytes;
    this.collectedBytes = 0;
    const transfer = pieces.map(({ buffer }) => buffer);
    this.post({ kind: "pieces", job: this.number, pieces, isEnd }, transfer);
  }

  /**
   * Waits until the worker can take more, or has a block that is to be written first.
   * @returns the block, null for none
   * @throws Fault of the body, or unavailable when the worker has died
   */
  async settle(): Promise<RowBlock | null> {
    while (this.failure === null && this.blocks.length === 0 && this.ahead > AHEAD_BYTES) await this.news();
    return this.takeBlock();
  }

  /**
   * Waits for the end of the body that was sent.
   * @param write is given each block that is to be written before
   * @throws as settle
   */
  async finish(write: (block: RowBlock) => Promise<void>): Promise<JobResult> {
    this.send(true);
    for (;;) {
      const block = this.takeBlock();
      if (block) await write(block);
      else if (this.result) return this.result;
      else await this.news();
    }
  }

  private takeBlock(): RowBlock | null {
    if (this.failure !== null) throw this.failure;
    return this.blocks.shift() ?? null;
  }

  private news(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** A block that was written, and must not be used any more: its memory does for the worker's next ones. */
  giveBack(block: RowBlock): void {
    if (block.isKept) return;
    const transfer: ArrayBuffer[] = [];
    const memory = block.toMemory(transfer);
    this.post({ kind: "spare", memory }, transfer);
  }

  /** After an error of anybody else: the worker drops what it has. */
  abort(): void {
    if (this.result || this.failure !== null) return;
    this.end(new Error("the job was ended"));
  }

  private end(error: unknown): void {
    this.post({ kind: "abort", job: this.number }, []);
    this.fail(error);
  }

  /** The worker can't go on with it. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.ended();
    this.wake?.();
  }

  /** Of this job. */
  receive(message: Exclude<FromWorker, { kind: "ready" }>): void {
    switch (message.kind) {
      case "read":
        this.ahead -= message.read;
        this.inWorker = message.held;
        this.tellHeld();
        break;
      case "block":
        this.itemsFound(message.items);
        this.blocks.push(RowBlock.of(message.block));
        this.tellHeld();
        break;
      case "done":
        this.itemsFound(message.items);
        this.result = { block: RowBlock.of(message.block), outcome: message.outcome };
        this.inWorker = { rows: 0, bytes: 0 };
        this.ahead = 0;
        this.ended();
        break;
      case "failed": {
        const { kind, message: said, data, retryAfterSeconds } = message.fault;
        this.fail(new Fault(kind, said, data, retryAfterSeconds));
        return;
      }
      case "broken":
        this.fail(new Error(`rows could not be made: ${message.reason}`));
        return;
    }
    this.wake?.();
  }
}

/** A piece that shares its memory with others, or only takes a part of it, is copied: handing it over would take it from them. */
function ownMemory(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = piece;
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(piece);
}
