import { setTimeout as sleep } from "node:timers/promises";
import { isFault, tooBusy, unavailable } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { ProtocolDecoder } from "./decode/decoder";
import { bodyOf, readBody } from "./decode/read-body";
import type { IngestAnswer } from "./idempotency";
import type { IngestRequest } from "./ingest";
import { type Part, UploadParts } from "./upload-parts";

/** Rejections that are told; the count is exact. */
const MOST_TOLD = 10;
const BOUNDS = { bytes: Number.MAX_SAFE_INTEGER, idleMs: LIMITS.uploadIdleMs };

export type UploadRequest = Omit<IngestRequest, "format" | "idempotencyKey"> & { format: ProtocolDecoder };

/** Stores one part; what it resolves to is committed. */
export type StorePart = (request: IngestRequest) => Promise<IngestAnswer>;

/**
 * Takes bodies that go on for hours, which are stored in parts as they arrive, while their senders wait where the database can't keep up.
 * A sender whose upload broke off begins again with what it has not been told to be stored: parts end at the same entries then, and
 * one that is stored already is known by what it holds.
 */
export class Uploads {
  private running = 0;
  private readonly stopped = new AbortController();

  /** Uploads under way end as if they had been broken off: what was not stored, their senders have still. */
  close(): void {
    this.stopped.abort();
  }

  /**
   * Resolves when all of a body is stored.
   * @throws Fault as Ingest does; what came in whole parts before is stored all the same
   */
  async take(request: UploadRequest, store: StorePart): Promise<IngestAnswer> {
    if (this.running >= LIMITS.uploads) throw tooBusy(`${LIMITS.uploads} uploads are under way`, 10);
    this.running++;
    try {
      return await new Upload(request, store, this.stopped.signal).run();
    } finally {
      this.running--;
    }
  }
}

class Upload {
  private readonly parts = new UploadParts();
  private readonly total: IngestAnswer = { accepted: 0, rejected: 0, errors: [] };
  /** Parts on their way, so that the next ones arrive meanwhile. */
  private readonly storing = new Set<Promise<void>>();
  private failure: { error: unknown } | null = null;

  constructor(
    private readonly request: UploadRequest,
    private readonly store: StorePart,
    private readonly stopped: AbortSignal,
  ) {}

  async run(): Promise<IngestAnswer> {
    const { body, encodings, format } = this.request;
    const decoder = format(this.parts);
    const pieces = readBody(body, encodings, BOUNDS);
    try {
      let next = pieces.next();
      for (;;) {
        const got = await this.orSilence(next);
        if (got === null) {
          await this.storeAll(this.parts.takeOpen());
          continue;
        }
        if (got.done) break;
        decoder.push(got.value);
        await this.storeAll(this.parts.takeFull());
        if (this.parts.openMs > LIMITS.uploadPartMs) await this.storeAll(this.parts.takeOpen());
        next = pieces.next();
      }
      decoder.finish();
      await this.storeAll([...this.parts.takeFull(), ...this.parts.takeOpen()]);
    } finally {
      // Not waited for: a sender that is silent would be.
      pieces.return(undefined).catch(() => undefined);
      await Promise.all(this.storing);
    }
    this.throwFailure();
    return this.total;
  }

  /** @returns null when nothing came for a while that should be waited for no longer */
  private async orSilence<Result>(next: Promise<Result>): Promise<Result | null> {
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, this.stopped]);
    const waiting = this.parts.isEmpty ? LIMITS.uploadIdleMs : LIMITS.uploadSilenceMs;
    try {
      return await Promise.race([next, sleep(waiting, null, { signal })]);
    } catch (error) {
      throw this.stopped.aborted ? unavailable("Cordwood is stopping") : error;
    } finally {
      ended.abort();
    }
  }

  /** Resolves when all are on their way, which few are at the same time. @throws what the first of all that failed failed with */
  private async storeAll(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      while (this.storing.size >= LIMITS.uploadPartsAtOnce) await Promise.race(this.storing);
      this.throwFailure();
      const storing = this.storePart(part)
        .then((answer) => this.add(answer, part.first))
        .catch((error: unknown) => {
          this.failure ??= { error };
        })
        .finally(() => this.storing.delete(storing));
      this.storing.add(storing);
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
  private async storePart({ bytes, key }: Part): Promise<IngestAnswer> {
    const { services, parameters } = this.request;
    const request = {
      format: { protocol: "entries" },
      encodings: [],
      announcedBytes: bytes.length,
      idempotencyKey: key,
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
        if (!mayPass || performance.now() > until || this.stopped.aborted || this.failure) throw error;
        await sleep(error.retryAfterSeconds * 1000);
      }
    }
  }
}
