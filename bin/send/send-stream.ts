import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { NEWLINE } from "@/core/ascii";
import { LIMITS } from "@/core/limits";
import { BATCH_BYTES, cutBatch, isDocument } from "./cut-batch";
import type { Sending } from "./sent-log";

/** A program that pauses has written what it had to say: a stack trace is not torn apart. */
export const QUIET_MS = 200;
/** One that never pauses is not waited for any longer. */
const BURST_MS = 1_000;
const NOT_BLANK = /\S/;

/**
 * Sends what a stream has, to its end, as it arrives. Where it breaks off can't be found again.
 * @param signal ends it with what has arrived
 */
export async function sendStream(stream: Readable, { deliver, stored }: Sending, signal: AbortSignal): Promise<void> {
  const inflow = new Inflow(stream, signal);
  let held: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for (let isOver = false; !isOver; ) {
    const burst = await inflow.burst();
    isOver = burst.isOver;
    held = Buffer.concat([held, ...burst.pieces]);
    const isLarge = held.length >= BATCH_BYTES;
    if (isFirst && !isOver && isDocument(held) && held.length < LIMITS.bodyBytes) continue;
    if (!isOver && !isLarge && !held.includes(NEWLINE)) continue;
    isFirst = false;
    const batch = held.subarray(0, cutBatch(held, burst.isQuiet, isOver));
    held = held.subarray(batch.length);
    if (NOT_BLANK.test(batch.toString("latin1"))) stored(await deliver(batch, randomUUID()), batch.length);
  }
}

type Burst = { pieces: Buffer[]; isQuiet: boolean; isOver: boolean };

class Inflow {
  private readonly source: AsyncIterator<Buffer>;
  private next: Promise<IteratorResult<Buffer>>;

  constructor(
    stream: Readable,
    private readonly signal: AbortSignal,
  ) {
    this.source = stream[Symbol.asyncIterator]();
    signal.addEventListener("abort", () => stream.destroy());
    this.next = this.following();
  }

  private async following(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.source.next();
    } catch (error) {
      if (this.signal.aborted) return { done: true, value: undefined };
      throw error;
    }
  }

  /** What comes until it is quiet, or enough for a request, or it has taken long. */
  async burst(): Promise<Burst> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    let untilMs = Number.POSITIVE_INFINITY;
    while (bytes < BATCH_BYTES && performance.now() < untilMs) {
      const piece = bytes === 0 ? await this.next : await Promise.race([this.next, sleep(QUIET_MS)]);
      if (!piece) return { pieces, isQuiet: true, isOver: false };
      if (piece.done) return { pieces, isQuiet: true, isOver: true };
      this.next = this.following();
      if (bytes === 0) untilMs = performance.now() + BURST_MS;
      pieces.push(piece.value);
      bytes += piece.value.length;
    }
    return { pieces, isQuiet: false, isOver: false };
  }
}
