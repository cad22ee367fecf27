import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "@/core/limits";
import { CommitUnknown } from "./commit-unknown";
import { isDataError, isPartitionMissing, type RejectedRow } from "./copy-rows";
import { claimEntries, type EntryNameOf, releaseEntries } from "./entry-keys";
import { answerOf, claimKeys, findAnswers, type IngestAnswer, storeAnswers } from "./idempotency";
import type { RowBlock } from "./row-block";
import { isSmall, writeSmall } from "./small-write";
import { asFault, isPassing, KnownPartitions, openWrite, type Write, type WriteContext } from "./write";

/** What one request wants written, and how it is answered once that is committed. */
export type Submission = {
  block: RowBlock;
  idempotencyKey?: string;
  entryNameOf?: EntryNameOf;
  /**
   * @param refused rows that PostgreSQL did not take
   * @param repeated entries that came before, by their index
   */
  answer(refused: readonly RejectedRow[], repeated: readonly number[]): IngestAnswer;
};

type Pending = Submission & { resolve(answer: IngestAnswer): void; reject(error: unknown): void };

/** Deadlocks and moments without connection are tried again; a database that is really away is told to the sender. */
const ATTEMPTS = 3;
const RETRY_DELAY_MS = 100;
/** After entries with thresholds. */
const WATCHED_MS = 5_000;

/**
 * Joins the submissions of concurrent requests into one transaction. A batch is closed when it is LIMITS.lingerMs old or
 * full, and written as soon as one of LIMITS.writers is free: under load batches grow by themselves.
 */
export class Batcher {
  private queue: Pending[] = [];
  private queuedRows = 0;
  private queuedBytes = 0;
  private writing = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly idle: (() => void)[] = [];
  readonly partitions: KnownPartitions;
  /** Until then entries are taken to have thresholds, for which a small write would be done twice. */
  private watchedUntil = Number.NEGATIVE_INFINITY;

  constructor(private readonly context: WriteContext) {
    this.partitions = new KnownPartitions(context.db);
  }

  /**
   * Resolves after commit.
   * @throws Fault unavailable when the database can't be reached; nothing is written then, or it is not known whether it is
   */
  submit(submission: Submission): Promise<IngestAnswer> {
    return new Promise((resolve, reject) => {
      this.queue.push({ ...submission, resolve, reject });
      this.queuedRows += submission.block.rows;
      this.queuedBytes += submission.block.bytes.length;
      if (this.isFull()) this.dispatch();
      else this.timer ??= setTimeout(() => this.dispatch(), LIMITS.lingerMs);
    });
  }

  private isFull(): boolean {
    return this.queuedRows >= LIMITS.transactionRows || this.queuedBytes >= LIMITS.transactionBytes;
  }

  private dispatch(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.queue.length > 0 && this.writing < LIMITS.writers) {
      this.writing++;
      void this.write(this.takeBatch()).finally(() => {
        this.writing--;
        this.dispatch();
      });
    }
    if (this.queue.length === 0 && this.writing === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private takeBatch(): Pending[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const { block } of this.queue) {
      rows += block.rows;
      bytes += block.bytes.length;
      count++;
      if (rows >= LIMITS.transactionRows || bytes >= LIMITS.transactionBytes) break;
    }
    this.queuedRows -= rows;
    this.queuedBytes -= bytes;
    return this.queue.splice(0, count);
  }

  /** Resolves when all that was submitted is answered. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.idle.push(resolve);
      this.dispatch();
    });
  }

  /** Never throws: each submission gets its answer or its error. */
  private async write(batch: Pending[]): Promise<void> {
    let isolate = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await this.writeOnce(batch, isolate);
        for (const [index, pending] of batch.entries()) pending.resolve(answers[index] ?? pending.answer([], []));
        return;
      } catch (error) {
        const again = isPartitionMissing(error) || isDataError(error) || isPassing(error);
        if (again && attempt < ATTEMPTS && !isCommitUnknown(error)) {
          isolate ||= isDataError(error) && !isPartitionMissing(error);
          await sleep(RETRY_DELAY_MS * (attempt - 1));
          continue;
        }
        for (const pending of batch) pending.reject(asFault(error));
        return;
      }
    }
  }

  private async writeOnce(batch: readonly Pending[], isolate: boolean): Promise<IngestAnswer[]> {
    if (!isolate && (await this.wroteSmall(batch))) return batch.map((pending) => pending.answer([], []));
    await this.context.sealSoon.brake();
    const write = await openWrite(this.context, this.partitions);
    try {
      const answers = new Map<Pending, IngestAnswer>();
      const fresh = await this.claim(write, batch);
      const blocks = await claimEntries(() => write.transaction, fresh, this.context.clock);
      if (!isolate) await write.add(blocks.map(({ block }) => block));
      for (const [place, pending] of fresh.entries()) {
        const { block, repeated } = blocks[place] ?? { block: pending.block, repeated: [] };
        const refused = isolate ? await write.addIsolated(block) : [];
        await releaseEntries(() => write.transaction, pending.entryNameOf, refused);
        answers.set(pending, pending.answer(refused, repeated));
      }
      await this.storeAnswers(write, answers);
      await this.findRepeated(write, batch, answers);
      await write.commit();
      return batch.map((pending) => answers.get(pending) ?? pending.answer([], []));
    } catch (error) {
      await write.abort(error);
      throw error;
    }
  }

  /** @returns whether the batch was written, since it has few rows, and nothing that has to be asked first */
  private async wroteSmall(batch: readonly Pending[]): Promise<boolean> {
    const blocks = batch.map(({ block }) => block);
    const isNamed = batch.some(({ idempotencyKey, entryNameOf }) => idempotencyKey !== undefined || entryNameOf);
    if (isNamed || !isSmall(this.context, blocks) || performance.now() < this.watchedUntil) return false;
    const isWritten = await writeSmall(this.context, this.partitions, blocks);
    if (!isWritten) this.watchedUntil = performance.now() + WATCHED_MS;
    return isWritten;
  }

  /** Those whose key is new here, and all without a key. The first one that asks for a key has it. */
  private async claim(write: Write, batch: readonly Pending[]): Promise<Pending[]> {
    const keys = keysOf(batch);
    if (keys.length === 0) return [...batch];
    const free = await claimKeys(write.transaction, keys, this.context.clock);
    return batch.filter(({ idempotencyKey: key }) => key === undefined || free.delete(key));
  }

  private async storeAnswers(write: Write, answers: ReadonlyMap<Pending, IngestAnswer>): Promise<void> {
    const byKey = new Map<string, IngestAnswer>();
    for (const [{ idempotencyKey: key }, answer] of answers) if (key !== undefined) byKey.set(key, answer);
    if (byKey.size > 0) await storeAnswers(write.transaction, byKey);
  }

  /** Adds the answers of those whose key was taken. */
  private async findRepeated(write: Write, batch: readonly Pending[], answers: Map<Pending, IngestAnswer>) {
    const repeated = batch.filter((pending) => !answers.has(pending));
    if (repeated.length === 0) return;
    const stored = await findAnswers(write.transaction, keysOf(repeated));
    for (const pending of repeated) answers.set(pending, answerOf(stored, pending.idempotencyKey ?? ""));
  }
}

const keysOf = (batch: readonly Pending[]): string[] =>
  batch.map(({ idempotencyKey }) => idempotencyKey).filter((key) => key !== undefined);

const isCommitUnknown = (error: unknown) => error instanceof CommitUnknown;
