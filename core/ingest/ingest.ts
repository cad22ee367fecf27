import { invalid } from "@/core/errors";
import { LIMITS } from "@/core/limits";
import type { Settings } from "@/core/settings/settings";
import { Batcher } from "./batcher";
import { Budget } from "./budget";
import { BatchDocument } from "./decode/batch-document";
import type { Decoder, EntryItem } from "./decode/decoder";
import { type Body, decompressed, readBody, receive } from "./decode/read-body";
import { decoderOf, type StreamFormat } from "./decoder-of";
import type { EntryNameOf } from "./entry-keys";
import { EntryRows, type Outcome } from "./entry-rows";
import { findAnswers, type IngestAnswer } from "./idempotency";
import type { IngestParameters } from "./ingest-parameters";
import { Intake } from "./intake";
import type { NormaliseOptions } from "./normalise";
import type { RowBlock } from "./row-block";
import { StreamedWrites } from "./streamed-write";
import type { BodyJob } from "./workers/body-job";
import type { RowWorkers } from "./workers/row-workers";
import type { WriteContext } from "./write";

export type IngestRequest = {
  body: Body | null;
  /** `batch` is the format of POST /api/logs/batch. */
  format: StreamFormat | "batch";
  /** Nothing that is in a body is an error of the request as a whole: rejections are in the answer, and a body may hold no entry. */
  tellsEach?: boolean;
  /** Of Content-Encoding. */
  encodings: readonly string[];
  /** Bytes that the sender announced; 0 when it did not. */
  announcedBytes: number;
  /** Of all senders together: it has to say whose it is. */
  idempotencyKey?: string;
  /** As of NamedRequest. */
  contents?: string;
  /** As the same key was stored before keys said whose they are: what was answered then, and is sent again after an upgrade, has it. */
  formerKey?: string;
  /**
   * Is given what the protocol says of each entry, in their order and before their rows are stored: for an answer that names each, so that all
   * rejections are listed, too.
   */
  itemsFound?: (items: readonly EntryItem[]) => void;
  /** Entries that have a name are stored once, however often they come within LIMITS.idempotencyMs. */
  entryNameOf?: EntryNameOf;
  /** That the sender may write; absent: all. */
  services?: ReadonlySet<string>;
  parameters?: IngestParameters;
};

/** Of which entries are rows as soon as they have arrived. */
type StreamRequest = Omit<IngestRequest, "format"> & { format: StreamFormat };

/** What holds for all entries, and may change while the server runs. */
export type IngestSettings = Pick<Settings, "retentionPlan" | "masker">;

/** The way of a log line (docs/architecture.md): one for the process, shared by all requests. */
export class Ingest {
  private readonly batcher: Batcher;
  private readonly streamedWrites: StreamedWrites;
  private readonly budget = new Budget({ rows: LIMITS.pendingRows, bytes: LIMITS.pendingBytes });

  /** @param workers make rows of large bodies; null: this thread does */
  constructor(
    private readonly context: WriteContext,
    private readonly settings: IngestSettings,
    private readonly workers: Pick<RowWorkers, "begin"> | null = null,
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
    const { format } = request;
    const stored = await this.findAnswer(request);
    if (stored) {
      if (format !== "batch" && request.itemsFound) await this.readItems({ ...request, format });
      return stored;
    }
    return format === "batch" ? this.ingestBatch(request) : this.ingestStream({ ...request, format });
  }

  private async findAnswer({ idempotencyKey, formerKey }: IngestRequest): Promise<IngestAnswer | null> {
    const keys = [idempotencyKey, formerKey].filter((key) => key !== undefined);
    if (keys.length === 0) return null;
    const answers = await findAnswers(this.context.db, keys);
    return keys.map((key) => answers.get(key)).find((answer) => answer !== undefined) ?? null;
  }

  /** Of a request that is stored: what its answer says of each entry is in its body. */
  private async readItems(request: StreamRequest): Promise<void> {
    const nowMs = this.context.clock.now().getTime();
    const decoder = decoderOf(request.format, { entry: () => undefined, rejected: () => undefined }, nowMs);
    let held = 0;
    try {
      for await (const piece of readBody(request.body, request.encodings)) {
        decoder.push(piece);
        const { itemBytes = 0 } = decoder;
        this.budget.take(0, itemBytes - held);
        held = itemBytes;
      }
      decoder.finish();
      tellItems(decoder, request);
    } finally {
      this.budget.release(0, held);
    }
  }

  private async ingestStream(request: StreamRequest): Promise<IngestAnswer> {
    const { body, encodings, format } = request;
    const options = await this.optionsOf(request);
    const received = body ? receive(body) : null;
    if (!received) return this.ingestHere(request, options, received);
    const { pieces, isLarge } = await beginning(received, request);
    const { retention, masker } = options;
    const job =
      isLarge && this.workers
        ? this.workers.begin(
            {
              format,
              encodings,
              announcedBytes: request.announcedBytes,
              listedErrors: listedErrorsOf(request),
              nowMs: options.nowMs,
              parameters: options.parameters,
              services: options.services,
              retention: { days: retention.days, rules: retention.rules },
              masking: masker?.masking ?? null,
            },
            request.itemsFound,
          )
        : null;
    return job ? this.ingestByWorker(request, pieces, job) : this.ingestHere(request, options, pieces);
  }

  private ingestHere(
    request: StreamRequest,
    options: NormaliseOptions,
    pieces: AsyncIterable<Buffer> | null,
  ): Promise<IngestAnswer> {
    return this.withIntake(request, async (intake) => {
      const rows = new EntryRows(options, listedErrorsOf(request), request.announcedBytes);
      const decoder = decoderOf(request.format, rows, options.nowMs);
      for await (const piece of decompressed(pieces ?? nothing(), request.encodings)) {
        decoder.push(piece);
        intake.hold(rows.held(decoder));
        if (!rows.isBlockFull) continue;
        tellItems(decoder, request);
        await intake.write(rows.takeBlock());
      }
      decoder.finish();
      tellItems(decoder, request);
      return { block: rows.block, outcome: rows.outcome(decoder) };
    });
  }

  private async ingestByWorker(
    request: StreamRequest,
    pieces: AsyncIterable<Buffer>,
    job: BodyJob,
  ): Promise<IngestAnswer> {
    const rest: RowBlock[] = [];
    const answer = await this.withIntake(request, async (intake) => {
      const write = async (block: RowBlock) => {
        await intake.write(block);
        job.giveBack(block);
        intake.hold(job.held);
      };
      job.watch((held) => intake.hold(held));
      try {
        for await (const piece of pieces) {
          job.push(piece);
          intake.hold(job.held);
          for (let block = await job.settle(); block; block = await job.settle()) await write(block);
        }
        const result = await job.finish(write);
        rest.push(result.block);
        return result;
      } catch (error) {
        job.abort();
        throw error;
      }
    });
    // After an error it may be on its way still.
    for (const block of rest) job.giveBack(block);
    return answer;
  }

  /** The slug may stand after the entries, so they are kept, at most LIMITS.batchEntries, until the document has ended. */
  private async ingestBatch(request: IngestRequest): Promise<IngestAnswer> {
    const document = new BatchDocument();
    let held = 0;
    try {
      for await (const piece of readBody(request.body, request.encodings)) {
        document.push(piece);
        this.budget.take(0, document.bytes - held);
        held = document.bytes;
      }
      document.finish();
      const { service = request.parameters?.service, markers } = document.options();
      const parameters = { ...request.parameters, service };
      const options = { ...(await this.optionsOf(request)), parameters, markers };
      return await this.withIntake(request, async () => {
        const rows = new EntryRows(options, listedErrorsOf(request), request.announcedBytes);
        document.replay(rows);
        return { block: rows.block, outcome: rows.outcome(document) };
      });
    } finally {
      this.budget.release(0, held);
    }
  }

  private async optionsOf({
    services,
    parameters = {},
  }: Pick<IngestRequest, "services" | "parameters">): Promise<NormaliseOptions> {
    const retention = await this.settings.retentionPlan();
    const masker = await this.settings.masker();
    const nowMs = this.context.clock.now().getTime();
    return { nowMs, retention, masker, services, parameters };
  }

  /** @param fill writes what is too large to wait, and gives the rest */
  private async withIntake(
    request: Omit<IngestRequest, "format">,
    fill: (intake: Intake) => Promise<{ block: RowBlock; outcome: Outcome }>,
  ): Promise<IngestAnswer> {
    const { batcher, streamedWrites, budget } = this;
    const intake = new Intake({ batcher, streamedWrites, budget, listedErrors: listedErrorsOf(request) }, request);
    try {
      const { block, outcome } = await fill(intake);
      return await intake.finish(block, outcome, request.tellsEach);
    } catch (error) {
      await intake.abort(error);
      throw error;
    }
  }
}

const tellItems = (decoder: Decoder, { itemsFound }: StreamRequest): void => itemsFound?.(decoder.takeItems?.() ?? []);

async function* nothing(): AsyncGenerator<Buffer> {}

const listedErrorsOf = ({ itemsFound }: Pick<IngestRequest, "itemsFound">) =>
  itemsFound ? Number.POSITIVE_INFINITY : LIMITS.listedErrors;

/** Compressed lines are about so many times as long as what is sent. */
const USUAL_COMPRESSION = 8;
/** Of which a few hundred bytes can be as much as a body may be, where gzip needs a thousandth of it. */
const DENSE = ["br", "zstd"];

/** Waits for so much of a body that it is known whether it is large, unless its sender has said it. */
async function beginning(
  pieces: AsyncGenerator<Buffer>,
  { announcedBytes, encodings }: Pick<IngestRequest, "announcedBytes" | "encodings">,
): Promise<{ pieces: AsyncIterable<Buffer>; isLarge: boolean }> {
  const isCompressed = encodings.some((name) => name !== "identity");
  const large = isCompressed ? LIMITS.workerBodyBytes / USUAL_COMPRESSION : LIMITS.workerBodyBytes;
  if (encodings.some((name) => DENSE.includes(name))) return { pieces, isLarge: true };
  if (announcedBytes > 0) return { pieces, isLarge: announcedBytes >= large };
  const first: Buffer[] = [];
  let bytes = 0;
  while (bytes < large) {
    const { done, value } = await pieces.next();
    if (done) break;
    first.push(value);
    bytes += value.length;
  }
  return { pieces: chained(first, pieces), isLarge: bytes >= large };
}

async function* chained(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}

/** @throws Fault invalid for a key that can't be one */
export function checkIdempotencyKey(key: string | null): string | undefined {
  if (key === null) return undefined;
  if (key.trim() === "" || key.length > LIMITS.idempotencyKeyCharacters) {
    throw invalid(`Idempotency-Key must have 1 to ${LIMITS.idempotencyKeyCharacters} characters and not be blank`);
  }
  return key;
}
