import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Settings } from "@/core/settings/settings";
import { Batcher } from "./batcher";
import { Budget } from "./budget";
import { BatchDocument } from "./decode/batch-document";
import type { Decoder, EntrySink } from "./decode/decoder";
import { JsonDocumentDecoder } from "./decode/json-document";
import { LinesOrDocumentDecoder } from "./decode/lines-or-document";
import { NdjsonDecoder } from "./decode/ndjson";
import { type Body, readBody } from "./decode/read-body";
import { TextLinesDecoder } from "./decode/text-lines";
import type { EntryNameOf } from "./entry-keys";
import { findAnswer, type IngestAnswer } from "./idempotency";
import type { IngestParameters } from "./ingest-parameters";
import { Intake } from "./intake";
import type { NormaliseOptions } from "./normalise";
import { StreamedWrites } from "./streamed-write";
import type { WriteContext } from "./write";

export type BodyFormat = "json" | "ndjson" | "text";

/** Reads what a protocol's sender sends (protocols/). */
export type ProtocolDecoder = (sink: EntrySink) => Decoder;

export type IngestRequest = {
  body: Body | null;
  /** `batch` is the format of POST /api/logs/batch. */
  format: BodyFormat | "batch" | ProtocolDecoder;
  /** Nothing is an error of the request as a whole: every rejection is in the answer, and a body may hold no entry. */
  tellsEach?: boolean;
  /** Of Content-Encoding. */
  encodings: readonly string[];
  /** Bytes that the sender announced; 0 when it did not. */
  announcedBytes: number;
  idempotencyKey?: string;
  /** Entries that have a name are stored once, however often they come within LIMITS.idempotencyMs. */
  entryNameOf?: EntryNameOf;
  /** That the sender may write; absent: all. */
  services?: ReadonlySet<string>;
  parameters?: IngestParameters;
};

/** What holds for all entries, and may change while the server runs. */
export type IngestSettings = Pick<Settings, "retentionPlan" | "masker">;

/** The way of a log line (design section 2): one for the process, shared by all requests. */
export class Ingest {
  private readonly batcher: Batcher;
  private readonly streamedWrites: StreamedWrites;
  private readonly budget = new Budget({ rows: LIMITS.pendingRows, bytes: LIMITS.pendingBytes });

  constructor(
    private readonly context: WriteContext,
    private readonly settings: IngestSettings,
  ) {
    this.batcher = new Batcher(context);
    this.streamedWrites = new StreamedWrites(context, this.batcher.partitions);
  }

  /** What waits to be committed, for the metrics. */
  get pending() {
    return this.budget.held;
  }

  /** Resolves when everything that was handed over is committed and answered. */
  drained(): Promise<void> {
    return this.batcher.drained();
  }

  /**
   * Stores the entries of a body. All that is accepted is committed when this resolves; when it throws, nothing of the
   * request is stored (except for `unavailable`, after which that may be unknown).
   * @throws Fault invalid (also when every entry is rejected; `data` lists the reasons), too_large, unsupported, timed_out, too_busy, unavailable
   */
  async ingest(request: IngestRequest): Promise<IngestAnswer> {
    if (request.idempotencyKey !== undefined) {
      const stored = await findAnswer(this.context.db, request.idempotencyKey);
      if (stored) return stored;
    }
    return request.format === "batch" ? this.ingestBatch(request) : this.ingestStream(request);
  }

  private ingestStream(request: IngestRequest): Promise<IngestAnswer> {
    return this.withIntake(request, {}, async (intake) => {
      const decoder = decoderOf(request.format, intake, this.context.clock.now().getTime());
      let held = 0;
      try {
        await decode(request, decoder, async () => {
          const { held: holds = 0 } = decoder;
          this.budget.take(0, holds - held);
          held = holds;
          await intake.settle();
        });
      } finally {
        this.budget.release(0, held);
      }
    });
  }

  /** The slug may stand after the entries, so they are kept, at most LIMITS.batchEntries, until the document has ended. */
  private async ingestBatch(request: IngestRequest): Promise<IngestAnswer> {
    const document = new BatchDocument();
    let held = 0;
    try {
      await decode(request, document, () => {
        this.budget.take(0, document.bytes - held);
        held = document.bytes;
      });
      const { service = request.parameters?.service, markers } = document.options();
      const parameters = { ...request.parameters, service };
      return await this.withIntake(request, { parameters, markers }, async (intake) => document.replay(intake));
    } finally {
      this.budget.release(0, held);
    }
  }

  private async withIntake(
    request: IngestRequest,
    options: Partial<NormaliseOptions>,
    fill: (intake: Intake) => Promise<void>,
  ): Promise<IngestAnswer> {
    const { batcher, streamedWrites, budget } = this;
    const { services, parameters = {} } = request;
    const retention = await this.settings.retentionPlan();
    const masker = await this.settings.masker();
    const nowMs = this.context.clock.now().getTime();
    const defaults = { nowMs, retention, masker, services, parameters };
    const listedErrors = request.tellsEach ? Number.POSITIVE_INFINITY : LIMITS.listedErrors;
    const context = { batcher, streamedWrites, budget, listedErrors };
    const intake = new Intake(context, { ...defaults, ...options }, request);
    try {
      await fill(intake);
      return await intake.finish(request.tellsEach);
    } catch (error) {
      await intake.abort(error);
      throw error;
    }
  }
}

function decoderOf(format: IngestRequest["format"], sink: EntrySink, nowMs: number): Decoder {
  if (typeof format === "function") return format(sink);
  if (format === "text") return new LinesOrDocumentDecoder(sink, new TextLinesDecoder(sink, nowMs));
  return format === "ndjson"
    ? new LinesOrDocumentDecoder(sink, new NdjsonDecoder(sink))
    : new JsonDocumentDecoder(sink);
}

async function decode(request: IngestRequest, decoder: Decoder, settle: () => void | Promise<void>): Promise<void> {
  for await (const chunk of readBody(request.body, request.encodings)) {
    decoder.push(chunk);
    await settle();
  }
  decoder.finish();
}

/** @throws Fault invalid for a key that can't be one */
export function checkIdempotencyKey(key: string | null): string | undefined {
  if (key === null) return undefined;
  if (key.trim() === "" || key.length > LIMITS.idempotencyKeyCharacters) {
    throw invalid(`Idempotency-Key must have 1 to ${LIMITS.idempotencyKeyCharacters} characters and not be blank`);
  }
  return key;
}
