import type { MessagePort } from "node:worker_threads";
import { isFault } from "@/core/errors";
import type { Decoder } from "@/core/ingest/decode/decoder";
import { decompressed } from "@/core/ingest/decode/read-body";
import { decoderOf } from "@/core/ingest/decoder-of";
import { EntryRows } from "@/core/ingest/entry-rows";
import { Masker } from "@/core/ingest/masking/masker";
import { RetentionPlan } from "@/core/retention/retention-plan";
import type { FaultParts, FromWorker, JobOptions, ToWorker } from "./messages";
import { SpareMemory } from "./spare-memory";

/** After so many bytes at the latest it is told how far it is; not more often, as each message wakes the other thread. */
const TOLD_BYTES = 256 * 1024;

/** The pieces of a body, as they come by messages. */
class Feed {
  private readonly pieces: Uint8Array<ArrayBuffer>[] = [];
  private isEnded = false;
  isAborted = false;
  private wake: (() => void) | null = null;
  /** Bytes that were taken out, and not told yet. */
  private taken = 0;
  /** Is told when pieces were taken out, and for the next one has to be waited. */
  emptied = (): void => undefined;

  add(pieces: readonly Uint8Array<ArrayBuffer>[], isEnd: boolean): void {
    this.pieces.push(...pieces);
    this.isEnded ||= isEnd;
    this.wake?.();
  }

  abort(): void {
    this.isAborted = true;
    this.pieces.length = 0;
    this.isEnded = true;
    this.wake?.();
  }

  takeRead(): number {
    const { taken } = this;
    this.taken = 0;
    return taken;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      const piece = this.pieces.shift();
      if (piece) {
        this.taken += piece.length;
        yield Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      } else if (this.isEnded) return;
      else {
        if (this.taken > 0) this.emptied();
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

/** Made once for settings, as they seldom change and compiling what is masked costs. */
function remembered<Options, Made>(make: (options: Options) => Made): (options: Options) => Made {
  let known: { text: string; made: Made } | null = null;
  return (options) => {
    const text = JSON.stringify(options);
    if (known?.text !== text) known = { text, made: make(options) };
    return known.made;
  };
}

const itemsOf = (decoder: Decoder) => decoder.takeItems?.() ?? [];

const maskerOf = remembered((masking: JobOptions["masking"]) => masking && Masker.of(masking));
const planOf = remembered(({ days, rules }: JobOptions["retention"]) => new RetentionPlan(days, days, rules));

/** The work of a worker thread: makes rows of bodies, several at a time, piece by piece as they come. */
export function serveJobs(port: MessagePort): void {
  const feeds = new Map<number, Feed>();
  const spare = new SpareMemory();
  const post = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

  async function run(job: number, options: JobOptions, feed: Feed): Promise<void> {
    const { nowMs, parameters, services, listedErrors, announcedBytes } = options;
    const [retention, masker] = [planOf(options.retention), maskerOf(options.masking)];
    const rows = new EntryRows(
      { nowMs, retention, masker, parameters, services },
      listedErrors,
      announcedBytes,
      (capacity) => spare.blockFor(capacity),
    );
    const decoder: Decoder = decoderOf(options.format, rows, nowMs);
    let untold = 0;
    const tell = () => {
      untold = 0;
      post({ kind: "read", job, read: feed.takeRead(), held: rows.held(decoder) });
    };
    // Also of what nothing has come out of yet, as compressed pieces may be long like that: the other thread would wait for ever.
    feed.emptied = tell;
    for await (const piece of decompressed(feed, options.encodings)) {
      if (feed.isAborted) return;
      decoder.push(piece);
      untold += piece.length;
      if (rows.isBlockFull) {
        const transfer: ArrayBuffer[] = [];
        const block = rows.takeBlock().toParts(transfer);
        post({ kind: "block", job, block, items: itemsOf(decoder) }, transfer);
      }
      if (untold >= TOLD_BYTES) tell();
    }
    if (feed.isAborted) return;
    decoder.finish();
    const transfer: ArrayBuffer[] = [];
    const outcome = rows.outcome(decoder);
    post({ kind: "done", job, block: rows.block.toParts(transfer), items: itemsOf(decoder), outcome }, transfer);
  }

  port.on("message", (message: ToWorker) => {
    if (message.kind === "spare") {
      spare.add(message.memory);
      return;
    }
    const { job } = message;
    if (message.kind === "begin") {
      const feed = new Feed();
      feeds.set(job, feed);
      run(job, message.options, feed)
        .catch((error: unknown) => {
          if (feed.isAborted) return;
          if (isFault(error)) post({ kind: "failed", job, fault: partsOf(error) });
          // Of this program, not of the body: only its request fails, and the others go on.
          else
            post({
              kind: "broken",
              job,
              reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
            });
        })
        .finally(() => feeds.delete(job));
    } else if (message.kind === "pieces") feeds.get(job)?.add(message.pieces, message.isEnd);
    else feeds.get(job)?.abort();
  });
  post({ kind: "ready" });
}

const partsOf = ({ kind, message, data, retryAfterSeconds }: FaultParts): FaultParts => ({
  kind,
  message,
  data,
  retryAfterSeconds,
});
