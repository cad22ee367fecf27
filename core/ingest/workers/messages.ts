import type { Fault, FaultKind } from "@/core/errors";
import type { EntryItem } from "@/core/ingest/decode/decoder";
import type { StreamFormat } from "@/core/ingest/decoder-of";
import type { Outcome } from "@/core/ingest/entry-rows";
import type { IngestParameters } from "@/core/ingest/ingest-parameters";
import type { BlockMemory, BlockParts } from "@/core/ingest/row-block";
import type { Masking, RetentionRule } from "@/core/settings/schemas";

/** All that a worker has to know of a request to make rows of its body. */
export type JobOptions = {
  format: StreamFormat;
  encodings: readonly string[];
  announcedBytes: number;
  listedErrors: number;
  nowMs: number;
  parameters: IngestParameters;
  services: ReadonlySet<string> | undefined;
  retention: { days: number; rules: readonly RetentionRule[] };
  masking: Masking | null;
};

/** To a worker. Each body is a job, by its number. */
export type ToWorker =
  | { kind: "begin"; job: number; options: JobOptions }
  | { kind: "pieces"; job: number; pieces: readonly Uint8Array<ArrayBuffer>[]; isEnd: boolean }
  | { kind: "abort"; job: number }
  /** Of blocks of the worker that are done with. */
  | { kind: "spare"; memory: BlockMemory };

/** What of a job a worker has in memory. */
export type JobHeld = {
  rows: number;
  /** Of rows, of what is decoded when it has arrived whole, and of all that the answer will tell of entries. */
  bytes: number;
};

export type FaultParts = Pick<Fault, "message" | "data" | "retryAfterSeconds"> & { kind: FaultKind };

/** From a worker. */
export type FromWorker =
  | { kind: "ready" }
  /** @param read bytes of pieces, since the last time */
  | { kind: "read"; job: number; read: number; held: JobHeld }
  /** A block to be written, as the body is too large to wait for its end. */
  | { kind: "block"; job: number; block: BlockParts; items: readonly EntryItem[] }
  /** @param items of the entries that were found since the last block */
  | { kind: "done"; job: number; block: BlockParts; items: readonly EntryItem[]; outcome: Outcome }
  /** What is to be told to the sender. */
  | { kind: "failed"; job: number; fault: FaultParts }
  /** Anything else that was thrown. */
  | { kind: "broken"; job: number; reason: string };
