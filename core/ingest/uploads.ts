import { setTimeout as sleep } from "node:timers/promises";
import { isFault, tooBusy, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { ProtocolDecoder } from "./decode/decoder";
import { bodyOf, readBody } from "./decode/read-body";
import type { IngestAnswer } from "./idempotency";
import type { IngestRequest } from "./ingest";
import { type Chunk, type IsPlaced, UploadChunks } from "./upload-chunks";

/** Rejections that are told; the count is exact. */
const MOST_TOLD = 10;
const BOUNDS = { bytes: Number.MAX_SAFE_INTEGER, idleMs: LIMITS.uploadIdleMs };

export type UploadRequest = Omit<IngestRequest, "idempotencyKey"> & {
  /** Finds the entries in the body, in the form in which the parts are read by `format`. */
  split: ProtocolDecoder;
  isPlaced: IsPlaced;
  /** Whose it is, and all that says how its entries are read: what came before is known within it only. */
  space: string;
};

/** Stores one part; what it resolves to is committed. */
export type StorePart = (request: IngestRequest) => Promise<IngestAnswer>;

/**
 * Takes bodies that go on for hours, which are stored in parts as they arrive, while their senders wait where the database can't keep up.
 * A sender whose upload broke off begins again with what it has not been told to be stored. Its chunks are the same then (upload-chunks.ts), but
 * parts of one that was stored with pauses need not be: each is known by where it begins, and its answer says how many entries it has and what
 * they hold, so that what comes again goes on behind it.
 */
export class Uploads {
  private readonly running = new Set<Upload>();
  private isClosed = false;

  /** Uploads under way end as if they had been broken off: what was not stored, their senders have still. */
  close(): void {
    this.isClosed = true;
    for (const upload of this.running) upload.stop();
  }

  /**
   * Resolves when all of a body is stored.
   * @throws Fault as Ingest does; what came in whole parts before is stored all the same
   */
  async take(request: UploadRequest, store: StorePart): Promise<IngestAnswer> {
    if (this.running.size >= LIMITS.uploads) throw tooBusy(`${LIMITS.uploads} uploads are under way`, 10);
    const upload = new Upload(request, store);
    this.running.add(upload);
    if (this.isClosed) upload.stop();
    try {
      return await upload.run();
    } finally {
      this.running.delete(upload);
    }
  }
}

class Upload {
  private readonly chunks: UploadChunks;
  private readonly total: IngestAnswer = { accepted: 0, rejected: 0, errors: [] };
  /** Chunks on their way, so that the next ones arrive meanwhile. */
  private readonly storing = new Set<Promise<void>>();
  private failure: { error: unknown } | null = null;
  /** Ends the waiting for more. */
  private wake: () => void = () => undefined;
  private isStopped = false;

  constructor(
    private readonly request: UploadRequest,
    private readonly store: StorePart,
  ) {
    this.chunks = new UploadChunks(request.space, request.isPlaced);
  }

  stop(): void {
    this.isStopped = true;
    this.wake();
  }

  async run(): Promise<IngestAnswer> {
    const { body, encodings, split } = this.request;
    const { chunks } = this;
    const decoder = split(chunks);
    const pieces = readBody(body, encodings, BOUNDS);
    try {
      let next = this.heard(pieces.next());
      for (;;) {
        const got = await this.orSilence(next);
        if (got?.done) break;
        if (got) {
          decoder.push(got.value);
          for (const chunk of chunks.takeWhole()) await this.begin(chunk, true);
          next = this.heard(pieces.next());
        }
        const { open } = chunks;
        if (!open.mustWait && (got === null || open.openMs > LIMITS.uploadPartMs)) await this.begin(open, false);
      }
      decoder.finish();
      for (const chunk of [...chunks.takeWhole(), chunks.open]) await this.begin(chunk, true);
    } finally {
      // Not waited for: a sender that is silent would be.
      pieces.return(undefined).catch(() => undefined);
      await Promise.all(this.storing);
    }
    this.throwFailure();
    return this.total;
  }

  /** What comes is waited for unless something else ends the upload first: then nobody hears that it broke off. */
  private heard<Result>(next: Promise<Result>): Promise<Result> {
    next.catch(() => undefined);
    return next;
  }

  /**
   * @returns null when nothing came for a while that should be waited for no longer
   * @throws what storing failed with meanwhile: the sender has it still, and must not wait until it has more
   */
  private async orSilence<Result>(next: Promise<Result>): Promise<Result | null> {
    const waiting = this.chunks.open.openMs === 0 ? LIMITS.uploadIdleMs : LIMITS.uploadSilenceMs;
    let timer: NodeJS.Timeout | undefined;
    // Not an aborted sleep: what that throws each time costs as much as what came.
    const silence = new Promise<null>((resolve) => {
      this.wake = () => resolve(null);
      timer = setTimeout(this.wake, waiting);
    });
    try {
      const got = this.isStopped || this.failure ? null : await Promise.race([next, silence]);
      if (this.isStopped) throw unavailable("Cordwood is stopping");
      this.throwFailure();
      return got;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Resolves when the storing of all that a chunk has is under way: of few chunks at the same time, and of each one after the other.
   * @param isWhole nothing more comes of it
   * @throws what the first of all that failed failed with
   */
  private async begin(chunk: Chunk, isWhole: boolean): Promise<void> {
    const { count } = chunk;
    chunk.isWhole ||= isWhole;
    if (chunk.asked === count) return;
    while (this.storing.size >= LIMITS.uploadPartsAtOnce) await Promise.race(this.storing);
    this.throwFailure();
    chunk.asked = count;
    const storing = chunk.storing
      .then(async () => {
        if (!this.failure) await this.storeUpTo(chunk, count);
      })
      .catch((error: unknown) => {
        this.failure ??= { error };
        this.wake();
      })
      .finally(() => this.storing.delete(storing));
    chunk.storing = storing;
    this.storing.add(storing);
  }

  /** Stores what of a chunk's entries before `end` is not stored, by whichever upload, or leaves it to be stored with more that comes. */
  private async storeUpTo(chunk: Chunk, end: number): Promise<void> {
    while (chunk.stored < end) {
      const from = chunk.stored;
      const contents = chunk.contentsOf(from, end);
      const bytes = chunk.bytes(from, end);
      let answer = await this.storePart(bytes, contents, chunk.nameOf(from));
      let through = answer.contents === contents ? end : from + answer.accepted + answer.rejected;
      const isSame = through <= chunk.count && answer.contents === chunk.contentsOf(from, through);
      if (!isSame) {
        // What was stored goes on beyond what came, or is of another upload that only began alike.
        if (through > chunk.count && !chunk.isWhole && chunk.waitFor(through)) return this.wake();
        answer = await this.storePart(bytes, contents, chunk.wholeNameOf(from, end));
        through = end;
      }
      this.add(answer, chunk.first + from);
      chunk.stored = through;
    }
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  private add({ accepted, rejected, errors }: IngestAnswer, first: number): void {
    const { total } = this;
    total.accepted += accepted;
    total.rejected += rejected;
    const places = errors.map(({ index, error }) => ({ index: index + first, error }));
    total.errors = [...total.errors, ...places].sort((one, other) => one.index - other.index).slice(0, MOST_TOLD);
  }

  /** Waits for a database that can't keep up: the sender would have to send everything again. */
  private async storePart(bytes: Buffer, contents: string, idempotencyKey: string): Promise<IngestAnswer> {
    const { format, services, parameters } = this.request;
    const request = {
      format,
      encodings: [],
      announcedBytes: bytes.length,
      idempotencyKey,
      contents,
      tellsEach: true,
      services,
      parameters,
    } as const;
    const until = performance.now() + LIMITS.uploadWaitMs;
    for (;;) {
      try {
        return await this.store({ ...request, body: bodyOf(bytes) });
      } catch (error) {
        const mayPass = isFault(error) && (error.kind === "too_busy" || error.kind === "unavailable");
        if (!mayPass || performance.now() > until || this.isStopped || this.failure) throw error;
        await sleep(error.retryAfterSeconds * 1000);
      }
    }
  }
}
